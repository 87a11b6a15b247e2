/* test_fetches: many at once, each with its own end. */
#include "testing.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "net/address.h"
#include "net/fetches.h"
#include "net/httpd.h"

#define MANY 40

static uint16_t port, other_port;
static struct httpd *httpd, *other;

static void say_credentials(const struct httpd_request *request, struct httpd_reply *ret)
{
	const char *seen = httpd_header(request, "Authorization");

	buf_add_text(&ret->made, seen ? seen : "none");
}

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	terms->body_max = 1000;
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	if (strcmp(request->path, "/slow") == 0)
		usleep(50000);
	if (strcmp(request->path, "/echo") == 0) {
		buf_add_format(&ret->made, "%s %s ", request->method,
			httpd_header(request, "Content-Type"));
		buf_add_view(&ret->made, request->body);
	} else if (strcmp(request->path, "/later") == 0) {
		ret->status = 429;
		httpd_reply_header(ret, "Retry-After", "7");
	} else if (strcmp(request->path, "/away") == 0) {
		ret->status = 302;
		httpd_reply_header(ret, "Location", "http://127.0.0.1:%u/who", other_port);
	} else if (strcmp(request->path, "/who") == 0) {
		say_credentials(request, ret);
	} else if (strcmp(request->path, "/never") == 0) {
		sleep(3);
	} else {
		ret->body = VIEW("the profile");
	}
}

static struct httpd *listen_on(uint16_t *ret_port)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle, .admit = admit };
	struct httpd *started = NULL;
	bool taken;

	options.fd = address_listen(&address, ret_port, &taken, NULL);
	if (options.fd >= 0)
		httpd_start(&options, &started, NULL);
	return started;
}

static int start(void **state)
{
	httpd = listen_on(&port);
	other = listen_on(&other_port);
	return httpd && other ? 0 : -1;
}

static int stop(void **state)
{
	httpd_stop(httpd);
	httpd_stop(other);
	return 0;
}

struct tally {
	pthread_mutex_t lock;
	pthread_cond_t more;
	unsigned ended, good, cancelled;
	unsigned status, retry_after; /* of the last */
	char last[512];
};

static void on_done(void *owner, const struct fetches_answer *got)
{
	struct tally *tally = owner;

	pthread_mutex_lock(&tally->lock);
	tally->ended++;
	tally->status = got->status;
	tally->retry_after = got->retry_after;
	tally->good += got->code == 0;
	tally->cancelled += got->code == ERR_CANCELLED;
	snprintf(tally->last, sizeof(tally->last), "%.*s", got->code ? 500 : (int)got->body->len,
		got->code ? got->err->text : got->body->at);
	pthread_cond_signal(&tally->more);
	pthread_mutex_unlock(&tally->lock);
}

static void await(struct tally *tally, unsigned ended)
{
	pthread_mutex_lock(&tally->lock);
	while (tally->ended < ended)
		pthread_cond_wait(&tally->more, &tally->lock);
	pthread_mutex_unlock(&tally->lock);
}

static void add(
	struct fetches *fetches, const char *path, struct tally *tally, struct fetch_trust trust)
{
	char url[128];
	struct fetches_request request = {
		.ask = { .url = url, .limits = { 1000, 10 }, .trust = trust },
		.done = on_done,
		.owner = tally
	};

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
	assert_int_equal(fetches_add(fetches, &request, NULL), 0);
}

#define TALLY                                                                       \
	{                                                                           \
		.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER \
	}

static void all_come_back(void **state)
{
	struct tally tally = TALLY;
	struct fetches *fetches;

	assert_int_equal(fetches_new(8, &fetches, NULL), 0);
	for (int i = 0; i < MANY; i++)
		add(fetches, i % 2 ? "/slow" : "/", &tally, (struct fetch_trust){ 0 });
	await(&tally, MANY);
	assert_int_equal(tally.good, MANY);
	assert_string_equal(tally.last, "the profile");
	fetches_free(fetches);
}

static void credentials_stay_with_their_host(void **state)
{
	struct tally tally = TALLY;
	struct fetches *fetches;

	assert_int_equal(fetches_new(1, &fetches, NULL), 0);
	add(fetches, "/who", &tally, (struct fetch_trust){ .authorization = "Bearer abc" });
	await(&tally, 1);
	assert_string_equal(tally.last, "Bearer abc");
	add(fetches, "/who", &tally, (struct fetch_trust){ .user = "ada", .password = "x" });
	await(&tally, 2);
	assert_string_equal(tally.last, "Basic YWRhOng=");
	add(fetches, "/away", &tally, (struct fetch_trust){ .authorization = "Bearer abc" });
	await(&tally, 3);
	assert_string_equal(tally.last, "none");
	add(fetches, "/away", &tally, (struct fetch_trust){ .user = "ada", .password = "x" });
	await(&tally, 4);
	assert_string_equal(tally.last, "none");
	fetches_free(fetches);
}

static void those_that_run_are_cancelled_at_the_end(void **state)
{
	struct tally tally = TALLY;
	struct fetches *fetches;

	assert_int_equal(fetches_new(1, &fetches, NULL), 0);
	add(fetches, "/", &tally, (struct fetch_trust){ 0 });
	await(&tally, 1);
	add(fetches, "/never", &tally, (struct fetch_trust){ 0 });
	add(fetches, "/", &tally, (struct fetch_trust){ 0 });
	fetches_free(fetches);
	assert_int_equal(tally.ended, 3);
	assert_int_equal(tally.cancelled, 2);
	assert_string_equal(tally.last, "stopped before the answer came");
}

static void nobody_there_is_a_sentence(void **state)
{
	struct tally tally = TALLY;
	struct fetches_request request = { .ask = { .url = "http://127.0.0.1:1/",
						   .limits = { 1000, 5 } },
		.done = on_done,
		.owner = &tally };
	struct fetches *fetches;

	assert_int_equal(fetches_new(1, &fetches, NULL), 0);
	assert_int_equal(fetches_add(fetches, &request, NULL), 0);
	await(&tally, 1);
	assert_int_equal(tally.good, 0);
	assert_non_null(strstr(tally.last, "cannot fetch http://127.0.0.1:1/"));
	fetches_free(fetches);
}

static void a_body_is_posted(void **state)
{
	struct tally tally = TALLY;
	char url[128];
	struct fetches_request request = { .ask = { .url = url,
						   .mime = "application/proto",
						   .body = VIEW("a body"),
						   .limits = { 1000, 10 } },
		.done = on_done,
		.owner = &tally };
	struct fetches *fetches;

	assert_int_equal(fetches_new(1, &fetches, NULL), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/echo", port);
	assert_int_equal(fetches_add(fetches, &request, NULL), 0);
	await(&tally, 1);
	assert_string_equal(tally.last, "POST application/proto a body");
	assert_int_equal(tally.status, 200);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/later", port);
	assert_int_equal(fetches_add(fetches, &request, NULL), 0);
	await(&tally, 2);
	assert_int_equal(tally.status, 429);
	assert_int_equal(tally.retry_after, 7);
	fetches_free(fetches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_come_back),
		cmocka_unit_test(a_body_is_posted),
		cmocka_unit_test(credentials_stay_with_their_host),
		cmocka_unit_test(those_that_run_are_cancelled_at_the_end),
		cmocka_unit_test(nobody_there_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
