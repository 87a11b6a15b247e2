/* test_cpu_source: several windows over the same samples. */
#include "inproc/cpu_source.h"

#include "profiled.h"

static const struct cpu_source_options by_default = { 0 };

static void join(struct cpu_window *window)
{
	struct err err;

	if (cpu_source_join(window, &by_default, &err) < 0)
		fail_msg("%s", err.text);
}

static struct profile *written(struct cpu_window *window)
{
	BUF_AUTO bytes = { 0 };
	struct err err;

	if (cpu_window_write(window, &bytes, &err) < 0)
		fail_msg("%s", err.text);
	cpu_window_close(window);
	return profiled_decode(buf_view(&bytes));
}

__attribute__((noinline)) static void before_the_cut(void)
{
	PROFILED_BURN(0.5);
	__asm__ volatile("");
}

__attribute__((noinline)) static void after_the_cut(void)
{
	PROFILED_BURN(0.5);
	__asm__ volatile("" ::: "memory");
}

static void a_cut_loses_nothing_and_counts_nothing_twice(void **state)
{
	static struct cpu_window all, part, done;
	struct profile *whole, *first, *second;
	int64_t sum;

	join(&all);
	join(&part);
	before_the_cut();
	assert_int_equal(cpu_source_cut(&part, &done, NULL), 0);
	after_the_cut();
	cpu_source_leave(&part);
	cpu_source_leave(&all);
	whole = written(&all);
	first = written(&done);
	second = written(&part);
	assert_true(profiled_total(first, "before_the_cut") > 20);
	assert_int_equal(profiled_total(first, "after_the_cut"), 0);
	assert_true(profiled_total(second, "after_the_cut") > 20);
	assert_true(profiled_total(second, "before_the_cut") <= 1); /* under way at the cut */
	sum = profiled_total(first, "main") + profiled_total(second, "main");
	assert_int_equal(sum, profiled_total(whole, "main"));
	assert_true(first->accounting.known && accounting_balances(&first->accounting));
	assert_true(second->accounting.known && accounting_balances(&second->accounting));
	assert_int_equal(first->accounting.complete + second->accounting.complete,
		whole->accounting.complete);
	profile_free(whole);
	profile_free(first);
	profile_free(second);
}

static void windows_come_and_go_while_others_stay(void **state)
{
	static struct cpu_window a, b;
	struct profile *p;

	join(&a);
	before_the_cut();
	join(&b);
	cpu_source_leave(&a);
	p = written(&a);
	assert_true(profiled_total(p, "before_the_cut") > 20);
	profile_free(p);
	after_the_cut();
	cpu_source_leave(&b);
	p = written(&b);
	assert_true(profiled_total(p, "after_the_cut") > 20);
	assert_int_equal(profiled_total(p, "before_the_cut"), 0);
	profile_free(p);
	assert_int_equal(cpu_source_part.prepare(NULL), -1); /* nothing runs any more */
}

static void another_rate_is_refused_while_one_runs(void **state)
{
	const struct cpu_source_options faster = { .hz = 200 }, absurd = { .hz = 5000 };
	static struct cpu_window a, b;
	struct err err;

	assert_int_equal(cpu_source_join(&a, &absurd, &err), ERR_USAGE);
	join(&a);
	assert_int_equal(cpu_source_join(&b, &faster, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "100 a second"));
	cpu_source_leave(&a);
	cpu_window_close(&a);
	assert_int_equal(cpu_source_join(&b, &faster, &err), 0);
	cpu_source_leave(&b);
	cpu_window_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_loses_nothing_and_counts_nothing_twice),
		cmocka_unit_test(windows_come_and_go_while_others_stay),
		cmocka_unit_test(another_rate_is_refused_while_one_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
