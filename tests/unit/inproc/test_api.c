/* test_api: the public functions keep their promises. */
#include <flyover/flyover.h>
#include <unistd.h>

#include "inproc/sig_context.h"
#include "testing.h"

#define PARENT "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static void a_trace_is_set_read_and_cleared(void **state)
{
	char text[FLY_TRACEPARENT_SIZE];
	struct fly_trace trace, seen;
	struct fly_error error;

	fly_trace_set(NULL); /* nothing to clear, nothing allocated */
	assert_null(otel_thread_ctx_v1);
	assert_int_equal(fly_trace_parse("nonsense", &trace, &error), FLY_CORRUPT);
	assert_string_equal(error.text, "'nonsense' is no traceparent");
	assert_int_equal(fly_trace_parse(PARENT, &trace, &error), FLY_OK);
	fly_trace_set(&trace);
	fly_trace_get(&seen);
	fly_trace_format(&seen, text);
	assert_string_equal(text, PARENT);
	fly_trace_set(NULL);
	fly_trace_get(&seen);
	assert_int_equal(seen.trace_id[0] | seen.span_id[0] | seen.flags, 0);
}

static void labels_nest(void **state)
{
	int key = fly_label_key("route", NULL);
	unsigned outer = fly_label_set(key, "/a", 2), inner = fly_label_set(key, "/b", 2);

	assert_true(key >= 0);
	assert_int_equal(otel_thread_ctx_v1->attrs_size, 8);
	fly_label_restore(inner);
	assert_int_equal(otel_thread_ctx_v1->attrs_size, 4);
	fly_label_restore(outer);
	assert_int_equal(otel_thread_ctx_v1->attrs_size, 0);
	fly_label_restore(fly_label_set(-4, "ignored", 7));
	assert_int_equal(otel_thread_ctx_v1->attrs_size, 0);
}

static void options_of_another_size_are_refused(void **state)
{
	struct fly_cpu_options cpu = { .path = "/dev/null" };
	struct fly_http_options http = { .show_cmdline = 1 };
	struct fly_error error;

	assert_int_equal(fly_cpu_start(&cpu, &error), FLY_USAGE);
	assert_int_equal(fly_http_listen("127.0.0.1:0", &http, &error), FLY_USAGE);
	assert_int_equal(error.code, FLY_USAGE);
}

static void the_endpoint_is_for_this_machine_unless_there_is_a_token(void **state)
{
	struct fly_http_options http = { .size = sizeof(http) };
	struct fly_error error;

	assert_int_equal(fly_http_port(), 0);
	assert_int_equal(fly_http_listen("0.0.0.0:0", NULL, &error), FLY_DENIED);
	assert_non_null(strstr(error.text, "set a token"));
	http.token = "secret";
	assert_int_equal(fly_http_listen("0.0.0.0:0", &http, &error), FLY_OK);
	assert_true(fly_http_port() > 0);
	assert_int_equal(fly_http_listen("127.0.0.1:0", NULL, &error), FLY_USAGE);
	fly_http_close();
	assert_int_equal(fly_http_port(), 0);
	fly_http_close();
}

static void a_profile_is_started_and_stopped(void **state)
{
	struct fly_cpu_options cpu = { .size = sizeof(cpu), .path = "/dev/null" };

	assert_int_equal(fly_cpu_stop(NULL), FLY_USAGE);
	assert_int_equal(fly_cpu_start(&cpu, NULL), FLY_OK);
	assert_int_equal(fly_cpu_start(&cpu, NULL), FLY_LIMIT);
	assert_int_equal(fly_cpu_stop(NULL), FLY_OK);
	assert_string_equal(fly_version(), FLY_VERSION);
	assert_int_equal(fly_process_labels("nonsense", NULL), FLY_USAGE);
	assert_int_equal(fly_process_labels("a=b", NULL), FLY_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_is_set_read_and_cleared),
		cmocka_unit_test(labels_nest),
		cmocka_unit_test(options_of_another_size_are_refused),
		cmocka_unit_test(the_endpoint_is_for_this_machine_unless_there_is_a_token),
		cmocka_unit_test(a_profile_is_started_and_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
