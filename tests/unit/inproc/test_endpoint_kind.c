/* test_endpoint_kind: Go's parameters and errors, for a kind of each sort. */
#include <stdio.h>
#include <string.h>

#include "inproc/endpoint_kind.h"
#include "profiled.h"

static int64_t live = 10;
static bool capturing;

static int snapshot(struct profile **ret, struct err *err)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("count"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f"))), 0, &live);
	*ret = p;
	return 0;
}

static int off(struct profile **ret, struct err *err)
{
	return err_set(err, ERR_USAGE, "not kept: start it");
}

static int start(const struct kind_options *options, struct err *err)
{
	capturing = true;
	return 0;
}

static int stop(struct buf *out, struct err *err)
{
	capturing = false;
	buf_add_text(out, "BYTES");
	return 0;
}

static void cancel(void)
{
	capturing = false;
}

static bool running(void)
{
	return capturing;
}

static const struct kind threads = {
	.name = "threads", .text = KIND_TEXT_COUNT, .snapshot = snapshot
};
static const struct kind silent = { .name = "silent", .text = KIND_TEXT_COUNT, .snapshot = off };
static const struct kind wall = { .name = "wall",
	.start = start,
	.stop = stop,
	.cancel = cancel,
	.running = running,
	.busy = "in use" };

static uint64_t ask(struct endpoint_kind_visit *visit, const struct kind *kind, const char *query,
	bool is_taken, struct buf *out)
{
	struct http_request request = { .query = view_of(query) };

	buf_clear(out);
	return endpoint_kind_begin(visit, kind, &request, is_taken, out);
}

static bool has(struct buf *out, const char *text)
{
	return memmem(out->at, out->len, text, strlen(text)) != NULL;
}

static void a_snapshot_is_answered_at_once(void **state)
{
	struct endpoint_kind_visit visit = { 0 };
	BUF_AUTO out = { 0 };

	assert_int_equal(ask(&visit, &threads, "gc=1", false, &out), 0);
	assert_true(has(&out, " 200 OK") && has(&out, "filename=\"threads\""));
	assert_int_equal(ask(&visit, &threads, "debug=1", true, &out), 0);
	assert_true(has(&out, "text/plain") && has(&out, "threads profile: total 10"));
	assert_int_equal(ask(&visit, &silent, "", false, &out), 0);
	assert_true(has(&out, " 400 ") && has(&out, "not kept: start it"));
}

static void its_delta_takes_its_seconds(void **state)
{
	struct endpoint_kind_visit visit = { 0 };
	PROFILE_AUTO delta = NULL;
	BUF_AUTO out = { 0 };
	const char *body;

	assert_int_equal(ask(&visit, &threads, "seconds=5", false, &out), 5);
	live = 17;
	endpoint_kind_finish(&visit, &out);
	assert_null(visit.first);
	assert_true(has(&out, "filename=\"threads-delta\""));
	body = memmem(out.at, out.len, "\r\n\r\n", 4);
	delta = profiled_decode(view_between(body + 4, out.at + out.len));
	assert_int_equal(profiled_total(delta, "f"), 7);
}

static void what_go_refuses_is_refused(void **state)
{
	static const char *const refused[] = { "seconds=x", "seconds=0", "seconds=-1",
		"seconds=301", "seconds=1&debug=1" };
	struct endpoint_kind_visit visit = { 0 };
	BUF_AUTO out = { 0 };

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(ask(&visit, &threads, refused[i], false, &out), 0);
		assert_true(has(&out, " 400 ") && has(&out, "X-Go-Pprof: 1"));
	}
	assert_int_equal(ask(&visit, &threads, "seconds=1", true, &out), 0);
	assert_true(has(&out, " 429 ") && has(&out, "threads-delta"));
}

static void a_capture_is_one_at_a_time(void **state)
{
	struct endpoint_kind_visit visit = { 0 }, other = { 0 };
	BUF_AUTO out = { 0 };

	assert_int_equal(ask(&visit, &wall, "", false, &out), ENDPOINT_KIND_SECONDS);
	assert_int_equal(ask(&other, &wall, "seconds=1", false, &out), 0);
	assert_true(has(&out, " 429 ") && has(&out, "in use"));
	endpoint_kind_cancel(&other); /* of whoever was refused: ends nothing */
	assert_true(capturing);
	endpoint_kind_finish(&visit, &out);
	assert_true(has(&out, "filename=\"wall\"") && has(&out, "BYTES"));
}

static void a_client_that_leaves_cancels(void **state)
{
	struct endpoint_kind_visit visit = { 0 };
	BUF_AUTO out = { 0 };

	assert_int_equal(ask(&visit, &wall, "seconds=9", false, &out), 9);
	endpoint_kind_cancel(&visit);
	assert_false(capturing);
	assert_int_equal(ask(&visit, &threads, "seconds=9", false, &out), 9);
	endpoint_kind_cancel(&visit);
	assert_null(visit.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_is_answered_at_once),
		cmocka_unit_test(its_delta_takes_its_seconds),
		cmocka_unit_test(what_go_refuses_is_refused),
		cmocka_unit_test(a_capture_is_one_at_a_time),
		cmocka_unit_test(a_client_that_leaves_cancels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
