/* test_series_name: a process is called as it calls itself, and counted once. */
#include "testing.h"

#include "agent/series_name.h"

static const struct origin origin = { .pid = 12, .comm = "shop", .exe = "/usr/bin/shop" };

static struct view label(const struct series_name *series, const char *name)
{
	struct view found = { 0 };
	int n = 0;

	for (size_t i = 0; i < series->n; i++)
		if (strcmp(series->labels[i].name, name) == 0) {
			found = series->labels[i].value;
			n++;
		}
	assert_true(n <= 1);
	return found;
}

static void a_process_that_says_nothing_is_its_executable(void **state)
{
	struct series_name_facts facts = {
		.host = VIEW("h"), .process = VIEW("sh"), .origin = &origin, .start_s = 60
	};
	struct series_name series;

	series_name_make(&facts, &series);
	assert_string_equal(series.name, "process_cpu");
	assert_view_equal(label(&series, "service_name"), "shop");
	assert_view_equal(label(&series, "pid"), "12");
	assert_view_equal(label(&series, "pid_start"), "60");
	facts.origin = NULL;
	series_name_make(&facts, &series);
	assert_view_equal(label(&series, "service_name"), "sh");
	assert_int_equal(series.n, 2);
	facts.process = VIEW("");
	series_name_make(&facts, &series);
	assert_view_equal(label(&series, "service_name"), "kernel");
}

static void a_process_is_called_as_it_calls_itself(void **state)
{
	struct foreign_context context = { .n_resources = 4,
		.resources = { { VIEW("service.name"), VIEW("checkout") },
			{ VIEW("service.version"), VIEW("1.2") }, { VIEW("host"), VIEW("mine") },
			{ VIEW("9.lives"), VIEW("cat") } } };
	struct series_name_facts facts = {
		.host = VIEW("h"), .origin = &origin, .context = &context
	};
	struct series_name series;

	series_name_make(&facts, &series);
	assert_string_equal(series.name, "process_cpu");
	assert_view_equal(label(&series, "service_name"), "checkout");
	assert_view_equal(label(&series, "service_version"), "1.2");
	assert_view_equal(label(&series, "host"), "h");
	assert_view_equal(label(&series, "__lives"), "cat");
}

static void who_pushes_itself_has_another_name(void **state)
{
	struct foreign_context context = { .pushes_cpu = true };
	struct series_name_facts facts = {
		.host = VIEW("h"), .origin = &origin, .context = &context
	};
	struct series_name series;

	series_name_make(&facts, &series);
	assert_string_equal(series.name, "host_cpu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_says_nothing_is_its_executable),
		cmocka_unit_test(a_process_is_called_as_it_calls_itself),
		cmocka_unit_test(who_pushes_itself_has_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
