/* test_pyroscope_points: which profile is in which point of which line. */
#include "testing.h"

#include "server/asking_querier.h"
#include "server/pyroscope_points.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"
#define NOON INT64_C(1790000000000) /* milliseconds */

static struct store *store;

static void add(const char *service, int64_t after_noon_us, int64_t work, int64_t wait)
{
	static unsigned char number;
	struct store_label labels[] = { { VIEW("region"), VIEW("eu") },
		{ VIEW("service_name"), view_of(service) } };
	struct profile *profile = profile_new();
	struct store_entry entry = { .name = VIEW("process_cpu"),
		.labels = { labels, 2 },
		.profile = profile,
		.id = { ++number } };
	volatile int done = 0;
	struct store_receipt receipt = { asking_done, (void *)&done };
	uint32_t root;

	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type = profile->types[0];
	profile->time_ns = NOON * 1000000 + after_noon_us * 1000;
	profile->duration_ns = 1;
	root = profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("main")));
	profile_add(profile, profile_push(profile, root, profile_named(profile, VIEW("work"))), 0,
		&work);
	profile_add(profile, profile_push(profile, root, profile_named(profile, VIEW("wait"))), 0,
		&wait);
	assert_int_equal(store_append(store, &entry, 1, &receipt, NULL), 0);
	while (!done)
		usleep(1000);
	profile_free(profile);
}

static struct pyroscope_request asking(void)
{
	return (struct pyroscope_request){
		.type = VIEW(CPU), .start_ms = NOON, .end_ms = NOON + 30000, .step_s = 10
	};
}

static struct pyroscope_points made(const struct pyroscope_request *request)
{
	struct pyroscope_points_options options = { .store = store };
	struct pyroscope_points points;
	struct err err = { 0 };

	if (pyroscope_points_make(&options, request, &points, &err) < 0)
		fail_msg("%s", err.text);
	return points;
}

static void assert_line(const struct pyroscope_points *points, size_t place, const double *expected)
{
	const struct pyroscope_line *line = &points->lines[points->order[place]];

	for (size_t i = 0; i < points->grid.n; i++)
		if (expected[i] < 0)
			assert_int_equal(line->profiles[i], 0);
		else
			assert_true(pyroscope_points_value(points, line, i) == expected[i]);
}

static int start(void **state)
{
	if (store_mem_open(&store, NULL))
		return -1;
	add("shop", -9999000, 1, 0);     /* the first of the step that ends at the start */
	add("shop", -10000000, 1000, 0); /* too early */
	add("shop", 999, 2, 0);          /* the last: it is the start's millisecond still */
	add("shop", 1000, 10, 20);
	add("cart", 10000000, 300, 0);
	add("shop", 10000001, 60, 0);
	add("shop", 30000999, 4, 0);
	add("shop", 30001000, 5000, 0); /* too late */
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	return 0;
}

static void a_point_has_what_comes_before_it(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_points points = made(&request);

	assert_int_equal(points.n_lines, 1);
	assert_int_equal(points.grid.n, 4);
	assert_int_equal(points.grid.start_ms, NOON);
	assert_line(&points, 0, (const double[]){ 3, 390, -1, 4 });
	pyroscope_points_fini(&points);
}

static void labels_make_lines_the_largest_first(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_points points;

	request.group_by = (struct pyroscope_texts){ { VIEW("service_name"), VIEW("nowhere") }, 2 };
	points = made(&request);
	assert_int_equal(points.n_lines, 2);
	assert_line(&points, 0, (const double[]){ -1, 300, -1, -1 });
	assert_line(&points, 1, (const double[]){ 3, 90, -1, 4 });
	assert_non_null(
		strstr(pyroscope_grouping_labels(&points.grouping, points.order[0]).at, "cart"));
	pyroscope_points_fini(&points);
	request.limit = 1;
	points = made(&request);
	assert_int_equal(points.n_lines, 1);
	assert_line(&points, 0, (const double[]){ -1, 300, -1, -1 });
	pyroscope_points_fini(&points);
}

static void an_average_is_of_profiles(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_points points;

	request.aggregation = 1;
	points = made(&request);
	assert_line(&points, 0, (const double[]){ 1.5, 130, -1, 4 });
	pyroscope_points_fini(&points);
}

static void a_call_site_counts_its_own(void **state)
{
	struct view site[] = { VIEW("main"), VIEW("wait") };
	struct pyroscope_request request = asking();
	struct pyroscope_points points;

	memcpy(request.call_site, site, sizeof(site));
	request.n_call_site = 2;
	points = made(&request);
	assert_line(&points, 0, (const double[]){ 0, 20, -1, 0 });
	pyroscope_points_fini(&points);
}

static void the_last_step_may_be_cut(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_points points;

	request.end_ms = NOON + 10001;
	points = made(&request);
	assert_int_equal(points.grid.n, 2);
	assert_line(&points, 0, (const double[]){ 3, 390 });
	pyroscope_points_fini(&points);
}

static void steps_have_bounds(void **state)
{
	struct pyroscope_points_options options = { .store = store };
	struct pyroscope_request request = asking();
	static const double wrong[] = { 0, -1, 0.0001, 1e12, 0.001 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct pyroscope_points points;

		request.step_s = wrong[i];
		assert_int_equal(
			pyroscope_points_make(&options, &request, &points, NULL), ERR_USAGE);
		pyroscope_points_fini(&points);
	}
}

static void it_is_answered_over_a_socket(void **state)
{
	asking_has(asking_querier_now("SelectSeries", ",'step':300,'groupBy':['service_name']"),
		"{\"series\":[{\"labels\":[{\"name\":\"service_name\",\"value\":\"cart\"}],"
		"\"points\":[{\"value\":4e+03,\"timestamp\":\"");
	asking_has(asking_querier_now("SelectSeries", ",'step':300"),
		"\"points\":[{\"value\":8e+03,"); /* without labels */
	asking_has(asking_querier_now("SelectSeries",
			   ",'step':300,'labelSelector':'{service_name=\\'nobody\\'}'"),
		"\r\n\r\n{}");
	asking_has(asking_querier_now("SelectSeries", ""), "step is at least a millisecond");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_point_has_what_comes_before_it),
		cmocka_unit_test(labels_make_lines_the_largest_first),
		cmocka_unit_test(an_average_is_of_profiles),
		cmocka_unit_test(a_call_site_counts_its_own),
		cmocka_unit_test(the_last_step_may_be_cut),
		cmocka_unit_test(steps_have_bounds),
		cmocka_unit_test_setup_teardown(
			it_is_answered_over_a_socket, asking_start, asking_stop),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
