/* test_metrics: what Prometheus would read. */
#include "testing.h"

#include <stdio.h>

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

/* As many and as long as labels of tenants and targets might be: nothing is cut, wherever. */
static void no_line_is_cut_however_many_there_are(void **state)
{
	struct metrics *metrics = metrics_new();
	BUF_AUTO out = { 0 };
	char labels[400], value[300], wanted[500];
	size_t n_lines = 0;

	memset(value, 'v', sizeof(value));
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(labels, sizeof(labels), "tenant=\"%.299s\",n=\"%u\"", value, i);
		metrics_count(metrics_counter(metrics, "a_total", "As.", labels), i);
		metrics_count(
			metrics_counter(metrics, i % 2 ? "b_total" : "c_total", "", labels), i);
		if (i % 100 == 0)
			metrics_time(metrics_times(metrics, "t_seconds", "Ts.", labels), 1);
	}
	metrics_write(metrics, &out);
	assert_false(out.failed);
	assert_true(out.len > 3000 * 2 * 300);
	for (size_t at = 0; at < out.len; at++) {
		const char *end = memchr(out.at + at, '\n', out.len - at);

		assert_non_null(end);
		assert_true(out.at[at] == '#' ||
			    memmem(out.at + at, (size_t)(end - out.at) - at, "\"} ", 3));
		at = (size_t)(end - out.at);
		n_lines++;
	}
	assert_int_equal(n_lines, 6000 + 3 * 2 + 30 * 15 + 2);
	snprintf(wanted, sizeof(wanted), "\na_total{%s} 2999\n", labels);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, wanted));
	metrics_free(metrics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_one_name_stand_together),
		cmocka_unit_test(buckets_add_up),
		cmocka_unit_test(what_could_not_be_made_is_borne),
		cmocka_unit_test(no_line_is_cut_however_many_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
