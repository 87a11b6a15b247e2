/* test_metrics: what Prometheus would read. */
#include "testing.h"

#include "server/metrics.h"

static void gauge(void *owner, struct buf *out)
{
	(void)owner;
	metrics_head(out, "g", "gauge", "A gauge.");
	buf_add_text(out, "g 3\n");
}

static const char *written(struct metrics *metrics)
{
	static char text[1 << 14];
	BUF_AUTO out = { 0 };

	metrics_write(metrics, &out);
	assert_true(out.len < sizeof(text));
	memcpy(text, out.at, out.len);
	text[out.len] = '\0';
	return text;
}

static void lines_of_one_name_stand_together(void **state)
{
	struct metrics *metrics = metrics_new();
	const char *text;

	metrics_count(metrics_counter(metrics, "a_total", "As.", "x=\"1\""), 2);
	metrics_count(metrics_counter(metrics, "b_total", "Bs.", ""), 1);
	metrics_count(metrics_counter(metrics, "a_total", "As.", "x=\"2\""), 5);
	metrics_count(metrics_counter(metrics, "a_total", "As.", "x=\"1\""), 1);
	metrics_collect(metrics, gauge, NULL);
	text = written(metrics);
	assert_string_equal(text, "# HELP a_total As.\n# TYPE a_total counter\n"
				  "a_total{x=\"1\"} 3\na_total{x=\"2\"} 5\n"
				  "# HELP b_total Bs.\n# TYPE b_total counter\nb_total 1\n"
				  "# HELP g A gauge.\n# TYPE g gauge\ng 3\n");
	metrics_free(metrics);
}

static void buckets_add_up(void **state)
{
	struct metrics *metrics = metrics_new();
	struct metrics_times *times = metrics_times(metrics, "t_seconds", "Ts.", "");
	const char *text;

	metrics_time(times, 900000);
	metrics_time(times, 40000000);
	metrics_time(times, 3600000000000);
	text = written(metrics);
	assert_non_null(strstr(text, "t_seconds_bucket{le=\"0.001\"} 1\n"));
	assert_non_null(strstr(text, "t_seconds_bucket{le=\"0.05\"} 2\n"));
	assert_non_null(strstr(text, "t_seconds_bucket{le=\"60\"} 2\n"));
	assert_non_null(strstr(text, "t_seconds_bucket{le=\"+Inf\"} 3\n"));
	assert_non_null(strstr(text, "t_seconds_count{} 3\n"));
	metrics_free(metrics);
}

static void what_could_not_be_made_is_borne(void **state)
{
	metrics_count(NULL, 1);
	metrics_time(NULL, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_one_name_stand_together),
		cmocka_unit_test(buckets_add_up),
		cmocka_unit_test(what_could_not_be_made_is_borne),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
