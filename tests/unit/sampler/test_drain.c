/* test_drain: children are followed through fork and exec, and forgotten when they have ended. */
#include "testing.h"

#include "live.h"
#include "model/profile.h"
#include "sampler/drain.h"
#include "sampler/sampler_impl.h"

/* Children of children, which outlive their parents' interest in them. */
static void make_family(void)
{
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child == 0) {
			if (fork() == 0) {
				live_burn(0.15);
				_exit(0);
			}
			while (wait(NULL) > 0)
				;
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

static void grandchildren_are_sampled_and_then_forgotten(void **state)
{
	int go;
	pid_t pid = live_child(make_family, &go);
	struct sampler *sampler = live_sampler(SAMPLER_BPF, pid, 997);
	struct sampler_window window;
	const struct profile *p;
	struct map pids = { 0 };

	if (!sampler)
		skip();
	live_run(sampler, go);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	p = window.profile;
	for (size_t i = 0; i < p->n_samples; i++) {
		const struct label_set *set = &p->label_sets[p->samples[i].labels];

		for (uint32_t j = set->first; j < set->first + set->count; j++)
			if (view_equal(profile_text(p, p->labels[j].key), VIEW("pid")))
				map_add(&pids, (uint64_t)p->labels[j].num, NULL);
	}
	assert_true(pids.count >= 3);
	assert_true(accounting_balances(&p->accounting));
	assert_int_equal(p->accounting.lost[LOST_PROCESS_GONE], 0);
	/* Nothing is kept of the dead, here and in the kernel. */
	assert_int_equal(sampler->processes.by_pid.count, 0);
	for (uint64_t drains = 0; drains <= RUNS_GRACE + 1; drains++)
		drain_all(sampler, NULL);
	assert_int_equal(sampler->runs.by_first.count, 0);
	map_fini(&pids);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

static void become_another_program(void)
{
	live_burn(0.05);
	execl("/bin/sh", "sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done",
		(char *)NULL);
}

static void a_program_that_becomes_another_has_its_name_from_then_on(void **state)
{
	int go;
	pid_t pid = live_child(become_another_program, &go);
	struct sampler *sampler = live_sampler(SAMPLER_BPF, pid, 997);
	bool before = false, after = false;
	struct sampler_window window;
	const struct profile *p;

	if (!sampler)
		skip();
	live_run(sampler, go);
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	p = window.profile;
	for (uint32_t i = 0; i < p->n_labels; i++) {
		if (!view_equal(profile_text(p, p->labels[i].key), VIEW("process")))
			continue;
		before |= view_equal(profile_text(p, p->labels[i].str), VIEW("test_drain"));
		after |= !view_equal(profile_text(p, p->labels[i].str), VIEW("test_drain"));
	}
	assert_true(before && after);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grandchildren_are_sampled_and_then_forgotten),
		cmocka_unit_test(a_program_that_becomes_another_has_its_name_from_then_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
