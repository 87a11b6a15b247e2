/* test_pyroscope_called: parts of a store are counted by the names of their stacks. */
#include "testing.h"

#include "server/asking_querier.h"
#include "server/pyroscope_called.h"

struct counting {
	struct pyroscope_called called;
	int64_t sum;
	size_t parts;
};

static int on_part(void *owner, const struct store_part *part)
{
	struct counting *c = owner;
	int64_t total;

	assert_int_equal(pyroscope_called_total(&c->called, part, &total, NULL), 0);
	c->sum += total;
	c->parts++;
	return 0;
}

static int64_t counted(const char *first, const char *second)
{
	struct view names[] = { view_of(first), view_of(second) };
	struct counting c = { .called = { .site = { names, second ? 2 : 1 } } };
	struct store_select select = { .to_ns = INT64_MAX,
		.type = { VIEW("process_cpu"), VIEW("cpu"), VIEW("nanoseconds"), VIEW("cpu"),
			VIEW("nanoseconds") } };
	struct store_scan scan = { .select = &select,
		.detail = STORE_STACKS,
		.apart = true,
		.part = on_part,
		.owner = &c };

	assert_int_equal(store_scan(asking_store, &scan, NULL), 0);
	assert_true(c.parts >= 2);
	pyroscope_called_fini(&c.called);
	return c.sum;
}

static void only_what_begins_so_counts(void **state)
{
	assert_int_equal(counted("main", NULL), 8000);
	assert_int_equal(counted("main", "work"), 6000);
	assert_int_equal(counted("work", NULL), 0);
}

static void later_stacks_are_judged_too(void **state)
{
	assert_int_equal(counted("main", "wait"), 2000);
	asking_add("shop", "");
	asking_add("later", "");
	assert_int_equal(counted("main", "wait"), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_begins_so_counts),
		cmocka_unit_test(later_stacks_are_judged_too),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
