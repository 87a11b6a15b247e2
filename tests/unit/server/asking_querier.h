/* asking_querier: Pyroscope's API over the profiles of asking.h. */
#ifndef TESTS_ASKING_QUERIER_H
#define TESTS_ASKING_QUERIER_H

#include "server/asking.h"

/* With headers, each with its line end. */
static inline const char *asking_post(const char *path, const char *headers, struct view body)
{
	char request[8000];
	int fd = connect_to_port(asking_guard.port);
	int len = snprintf(request, sizeof(request),
		"POST %s HTTP/1.1\r\nHost: localhost:%u\r\n%sContent-Length: %zu\r\n" END, path,
		asking_guard.port, headers, body.len);

	assert_in_range(len, 1, (int)(sizeof(request) - body.len) - 1);
	memcpy(request + len, body.at, body.len);
	assert_int_equal(send(fd, request, (size_t)len + body.len, MSG_NOSIGNAL), len + body.len);
	return read_reply(fd);
}

/* A method of Pyroscope's querier, in JSON; single quotes stand for double ones. */
static inline const char *asking_querier(const char *method, const char *json)
{
	char path[128], body[4000];
	size_t len = strlen(json);

	assert_in_range(len, 0, sizeof(body) - 1);
	for (size_t i = 0; i <= len; i++)
		body[i] = json[i] == '\'' ? '"' : json[i];
	snprintf(path, sizeof(path), "/querier.v1.QuerierService/%s", method);
	return asking_post(path, "Content-Type: application/json\r\n", view_of(body));
}

/* The same in the last five minutes, of CPU time; `more` begins with a comma or is "". */
static inline const char *asking_querier_now(const char *method, const char *more)
{
	long long now_ms = (long long)(clock_realtime_ns() / 1000000);
	char json[3000];

	snprintf(json, sizeof(json),
		"{'profileTypeID':'process_cpu:cpu:nanoseconds:cpu:nanoseconds',"
		"'start':%lld,'end':%lld%s}",
		now_ms - 300000, now_ms, more);
	return asking_querier(method, json);
}

#define asking_has(reply, part)                                                   \
	do {                                                                      \
		const char *seen_ = (reply);                                      \
		if (!strstr(seen_, part))                                         \
			fail_msg("%s:\n%s\nwithout \"%s\"", #reply, seen_, part); \
	} while (0)

#endif
