/* request: what a request is called while it is worked on: its handler and its trace. */
#include "inventory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#define SLOW_MS 25.0

static int handler_key;

void request_init(void)
{
	handler_key = fly_label_key("handler", NULL);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The caller's, which a tracing client names in a header; otherwise one that begins here. */
static void find_trace(const char *head, struct fly_trace *ret)
{
	char name[] = "\r\ntraceparent:", value[FLY_TRACEPARENT_SIZE] = "";
	const char *header = strcasestr(head, name);

	if (header)
		sscanf(header + sizeof(name) - 1, " %55[0-9a-f-]", value);
	if (fly_trace_parse(value, ret, NULL) < 0 &&
		getrandom(ret->trace_id, sizeof(ret->trace_id), 0) < 0)
		memcpy(ret->trace_id, &(uint64_t){ (uint64_t)(now_ms() * 1e6) }, sizeof(uint64_t));
	if (getrandom(ret->span_id, sizeof(ret->span_id), 0) < 0)
		memcpy(ret->span_id, &(uint64_t){ (uint64_t)(now_ms() * 1e6) }, sizeof(uint64_t));
}

/* From here on, every sample of this thread says for which handler and for whom it works. */
struct request request_begin(const char *head, const char *handler)
{
	struct request request = { .begin_ms = now_ms() };

	find_trace(head, &request.trace);
	fly_trace_set(&request.trace);
	request.mark = fly_label_set(handler_key, handler, strlen(handler));
	return request;
}

void request_end(const struct request *request, const char *path)
{
	double took_ms = now_ms() - request->begin_ms;
	char trace[FLY_TRACEPARENT_SIZE];

	fly_label_restore(request->mark);
	fly_trace_set(NULL);
	if (took_ms < SLOW_MS)
		return;
	fly_trace_format(&request->trace, trace);
	fprintf(stderr, "slow: %.0f ms, GET %s, trace_id=%.32s\n", took_ms, path, trace + 3);
}
