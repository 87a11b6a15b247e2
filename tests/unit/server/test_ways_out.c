/* test_ways_out: profiles, pictures, functions and changes of a selection, over a socket. */
#include "testing.h"

#include "server/asking.h"

static void functions_add_up(void **state)
{
	asking_says("/api/v1/top", "\"whole\":8000");
	asking_says("/api/v1/top?service=shop", "\"whole\":4000");
	asking_says("/api/v1/top?service=shop&type=samples", "\"whole\":4,");
	asking_says("/api/v1/top?service=shop", "\"samples\":4,\"capture\":{\"attempted\":4,");
	asking_says("/api/v1/top?query=%7Bservice_name%3D~%22sh.p%22%7D", "\"whole\":4000");
	asking_says("/api/v1/top?service=shop&trace=" ASKING_TRACE, "\"whole\":3000");
	asking_says("/api/v1/top?service=shop&until=now-30m", "\"whole\":0");
	asking_says("/api/v1/top?service=shop", "X-Flyover-Merged: profiles=1 series=1");
	asking_says("/api/v1/top?service=secret", "\"whole\":0"); /* another tenant's */
}

static void a_profile_is_a_file_of_any_format(void **state)
{
	asking_says("/api/v1/profile?service=shop&format=folded", "main;work 3000\n");
	asking_says("/api/v1/profile?service=shop&format=folded", "main;wait 1000\n");
	asking_says("/api/v1/profile?service=shop", "filename=\"flyover.pb.gz\"");
	asking_says("/api/v1/profile?service=shop&format=svg", "image/svg");
	asking_says("/api/v1/profile?service=shop&format=docx", " 400 ");
	asking_says("/api/v1/profile?service=shop&format=folded&max_nodes=1", "main;other 4000\n");
}

static void a_picture_is_columns(void **state)
{
	asking_says("/api/v1/flame?service=shop", "FLA2");
	asking_says("/api/v1/flame?service=shop&x_to=x", " 400 ");
}

/* Whether those bytes are in the answer, which may have NULs. */
static bool has_bytes(const char *path, const char *part)
{
	const char *reply = asking_get(path), *body = strstr(reply, "\r\n\r\n");
	const char *length = strstr(reply, "Content-Length: ");

	assert_true(body && length);
	return memmem(body, strtoul(length + strlen("Content-Length: "), NULL, 10) + 4, part,
		strlen(part));
}

static void groups_and_paths_narrow_what_is_shown(void **state)
{
	assert_true(has_bytes("/api/v1/flame?group=service_name", "cart"));
	asking_says("/api/v1/flame?group=service_name", "groups=2 joined=0");
	assert_true(has_bytes("/api/v1/flame?group=service_name&max_groups=1", "(others)"));
	assert_false(has_bytes("/api/v1/flame?group=service_name&max_groups=2", "(others)"));
	assert_true(has_bytes("/api/v1/flame?group=zone", "(no zone)"));
	asking_says("/api/v1/profile?service=shop&format=folded&path=main&path=work",
		"main;other 1000\nmain;work 3000\n");
	asking_says("/api/v1/flame?path=main&path=nobody", " 404 ");
	asking_says("/api/v1/flame?max_groups=100000", "max_groups is a number of at most 1000");
}

static void a_function_has_neighbours(void **state)
{
	asking_says("/api/v1/peek?service=shop&function=work",
		"{\"self\":3000,\"total\":3000,\"callers\":[[\"main\",3000]],\"callees\":[]}");
	asking_says("/api/v1/peek", "function= has to name one");
	asking_says("/api/v1/lines?service=shop&function=work",
		"{\"self\":3000,\"total\":3000,\"lines\":[[\"\",0,3000,3000]],\"left_out\":0}");
	asking_says("/api/v1/lines", "function= has to name one");
}

static void two_selections_are_compared(void **state)
{
	asking_says("/api/v1/diff?left_service=shop&right_service=cart", "\"base\":{");
	asking_says("/api/v1/diff?left_service=shop&right_service=cart&all=1", "\"name\":\"work\"");
	asking_says("/api/v1/diff?left_service=shop&right_type=speed", " 400 ");
	asking_says("/api/v1/diff/flame?left_service=shop&right_service=cart", "FLA2");
}

static void a_question_may_take_so_much(void **state)
{
	static const char *const PATHS[] = { "top", "flame", "profile", "timeline",
		"share?function=work", "heatmap", "heatmap?by=trace", "traces", "truth",
		"label/region/values?counts=1", "diff?left_service=shop&right_service=cart" };

	for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++) {
		char path[100];

		snprintf(path, sizeof(path), "/api/v1/%s", PATHS[i]);
		asking_pool.bytes_of_one_max = 8;
		asking_says(path, "HTTP/1.1 413");
		asking_says(path, "take more than 0 MiB of memory (query.memory)");
		asking_pool.bytes_of_one_max = 0;
		asking_pool.bytes_max = 8;
		asking_says(path, "HTTP/1.1 503");
		asking_says(path, "Retry-After: 1");
		asking_says(path, "(query.memory_total)");
		asking_pool.bytes_max = 0;
		asking_pool.time_ns = 1;
		asking_says(path, "HTTP/1.1 504");
		asking_says(path, "(query.timeout)");
		asking_pool.time_ns = 0;
		asking_says(path, "HTTP/1.1 200");
	}
	assert_int_equal(asking_pool.bytes, 0);
	asking_pool.time_ns = 1;
	asking_says("/view/c2VydmljZT1zaG9w/api/v1/about", "(query.timeout)");
	asking_pool.time_ns = 0;
	asking_says("/view/c2VydmljZT1zaG9w/api/v1/about", "\"title\":\"shop\"");
}

static void a_question_without_sense_is_answered_so(void **state)
{
	asking_says("/api/v1/top?type=speed", "'speed' is no type of profiles");
	asking_says("/api/v1/top?query=cpu%7Ba", "= != =~ or !~ is missing");
	asking_says("/api/v1/top?query=%7B__profile_type__!%3D%22cpu%22%7D",
		"__profile_type__ is no label but a part of the type");
	asking_says("/api/v1/labels?query=%7B__unit__%3D%22bytes%22%7D",
		"__unit__ is no label but a part of the type");
	asking_says("/api/v1/top?from=yesterday", "from='yesterday' is no time");
	asking_says("/api/v1/top?from=now&until=now-1h", "the range is empty");
	asking_says("/api/v1/top?trace=abc", "it has 32 hex digits");
	asking_says("/api/v1/profile?max_nodes=-1", "max_nodes is a number");
}

#define WIDE 70000 /* frames, of one sample each */

static void add_wide(void)
{
	struct store_label label = { VIEW("service_name"), VIEW("wide") };
	PROFILE_AUTO profile = profile_new();
	struct store_entry entry = { .name = VIEW("process_cpu"),
		.labels = { &label, 1 },
		.id = "wide",
		.profile = profile };
	volatile int done = 0;
	struct store_receipt receipt = { asking_done, (void *)&done };
	uint32_t root = profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("main")));

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type = profile->types[1];
	profile->time_ns = (int64_t)clock_realtime_ns() - 60 * INT64_C(1000000000);
	for (int i = 0; i < WIDE; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%05d", i);
		profile_add(profile,
			profile_push(profile, root, profile_named(profile, view_of(name))), 0,
			(int64_t[]){ 1, 1 });
	}
	assert_int_equal(store_append(asking_store, &entry, 1, &receipt, NULL), 0);
	while (!done)
		usleep(1000);
}

static void who_looks_closer_sees_more(void **state)
{
	add_wide();
	assert_false(has_bytes("/api/v1/flame?service=wide", "f31415"));
	assert_true(has_bytes("/api/v1/flame?service=wide&x_from=31000&x_to=32000", "f31415"));
	assert_false(has_bytes("/api/v1/flame?service=wide&x_from=31000&x_to=32000", "f27182"));
	assert_true(has_bytes("/api/v1/flame?service=wide&path=main&path=f27182", "f27182"));
	asking_says("/api/v1/flame?service=wide&path=main&path=f27182", "nodes=1 cut=0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_add_up),
		cmocka_unit_test(a_profile_is_a_file_of_any_format),
		cmocka_unit_test(a_picture_is_columns),
		cmocka_unit_test(groups_and_paths_narrow_what_is_shown),
		cmocka_unit_test(a_function_has_neighbours),
		cmocka_unit_test(two_selections_are_compared),
		cmocka_unit_test(a_question_may_take_so_much),
		cmocka_unit_test(a_question_without_sense_is_answered_so),
		cmocka_unit_test(who_looks_closer_sees_more),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
