/* test_window: samples become stacks, labels and counts, and the equation holds. */
#include "testing.h"

#include <stdlib.h>

#include "own_mapping.h"
#include "sampler/module.h"
#include "sampler/thread_record.h"
#include "sampler/window.h"

static struct window_sample sample_of(const uint64_t *user, size_t n_user)
{
	return (struct window_sample){ .pid = 7,
		.tid = 8,
		.process_name = VIEW("program"),
		.thread_name = VIEW("worker"),
		.user = user,
		.n_user = n_user,
		.truncated = -1 };
}

/* The locations of the only stack, leaf first. */
static size_t only_stack(const struct profile *p, const struct location **ret, size_t max)
{
	size_t n = 0;

	assert_int_equal(p->n_samples, 1);
	for (uint32_t at = p->samples[0].stack; at; at = p->stacks.nodes[at].parent) {
		assert_true(n < max);
		ret[n++] = &p->locations[p->stacks.nodes[at].location];
	}
	return n;
}

static struct view file_of(const struct profile *p, const struct location *location)
{
	return profile_text(p, p->mappings[location->mapping].file);
}

static void user_addresses_become_the_files(void **state)
{
	struct process_table table = { 0 };
	struct process_mapping *m = own_mapping(&table, sample_of);
	struct module module = { .path = m->path };
	uint64_t address = m->start + 0x10;
	struct window_sample sample = sample_of(&address, 1);
	const struct location *stack[4];
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	m->module = &module;
	sample.process = process_find(&table, getpid());
	assert_int_equal(window_add(&w, &sample, 99), 0);
	assert_int_equal(only_stack(w.profile, stack, 4), 1);
	/* Without the object, the address is the place in the file. */
	assert_int_equal(stack[0]->address, m->offset + 0x10);
	assert_int_equal(file_of(w.profile, stack[0]).len, strlen(m->path));
	assert_int_equal(module.used_ns, 99);
	window_fini(&w);
	process_table_fini(&table);
}

static void kernel_frames_lie_above_the_users(void **state)
{
	uint64_t user[] = { 0x1000 }, kernel[] = { 0xffffffff81000010, 0xffffffff81000020 };
	struct window_sample sample = sample_of(user, 1);
	const struct location *stack[4];
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	sample.kernel = kernel;
	sample.n_kernel = 2;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	assert_int_equal(only_stack(w.profile, stack, 4), 3);
	/* The innermost as it is, callers inside their call. */
	assert_int_equal(stack[0]->address, 0xffffffff81000010);
	assert_int_equal(stack[1]->address, 0xffffffff8100001f);
	assert_view_equal(file_of(w.profile, stack[1]), "[kernel.kallsyms]");
	assert_int_equal(w.sources[stack[1]->mapping].kind, SYMBOL_KERNEL);
	assert_view_equal(file_of(w.profile, stack[2]), "[unknown]");
	window_fini(&w);
}

static void a_cut_stack_says_so_at_its_root(void **state)
{
	uint64_t user[] = { 0x1000, 0x2000 };
	struct window_sample sample = sample_of(user, 2);
	const struct location *stack[4];
	const struct profile *p;
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	sample.truncated = TRUNCATED_DEPTH;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	p = w.profile;
	assert_int_equal(only_stack(p, stack, 4), 3);
	assert_int_equal(stack[2]->n_lines, 1);
	assert_view_equal(
		profile_text(p, p->functions[p->lines[stack[2]->first_line].function].name),
		"[truncated: depth]");
	assert_int_equal(w.accounting.truncated[TRUNCATED_DEPTH], 1);
	window_fini(&w);
}

/* pprof takes the first mapping for what the profile is of. */
static void the_program_that_was_asked_for_comes_first(void **state)
{
	struct process_table table = { 0 };
	struct process_mapping *m = own_mapping(&table, sample_of);
	struct module module = { .path = m->path };
	uint64_t user = m->start + 0x10, kernel = 0xffffffff81000010;
	struct window_sample sample = sample_of(&user, 1);
	const struct location *stack[4];
	const struct profile *p;
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	m->module = &module;
	w.lead_pid = (pid_t)sample.pid;
	sample.process = process_find(&table, getpid());
	sample.kernel = &kernel;
	sample.n_kernel = 1;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	window_lead(&w);
	p = w.profile;
	assert_view_equal(profile_text(p, p->mappings[1].file), m->path);
	assert_int_equal(only_stack(p, stack, 4), 2);
	assert_view_equal(file_of(p, stack[0]), "[kernel.kallsyms]");
	assert_view_equal(file_of(p, stack[1]), m->path);
	assert_int_equal(w.sources[stack[0]->mapping].kind, SYMBOL_KERNEL);
	assert_int_equal(w.sources[stack[1]->mapping].kind, SYMBOL_NONE);
	window_fini(&w);
	process_table_fini(&table);
}

static void equal_samples_are_one_and_all_are_counted(void **state)
{
	uint64_t user[] = { 0x1000 };
	struct window_sample sample = sample_of(user, 1);
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(window_add(&w, &sample, 0), 0);
	sample.pid = 9;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	assert_int_equal(w.profile->n_samples, 2);
	assert_int_equal(profile_total(w.profile, 0), 4);
	assert_int_equal(profile_total(w.profile, 1), 4000);
	assert_int_equal(w.accounting.attempted, 4);
	assert_true(accounting_balances(&w.accounting));
	window_fini(&w);
}

static void labels_tell_process_and_thread_and_what_the_user_added(void **state)
{
	static const struct sampler_label added[] = { { "env", "test" } };
	uint64_t user[] = { 0x1000 };
	struct window_sample sample = sample_of(user, 1);
	const struct label_set *set;
	const struct profile *p;
	struct window w;
	unsigned seen = 0;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	w.labels = added;
	w.n_labels = 1;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	p = w.profile;
	set = &p->label_sets[p->samples[0].labels];
	assert_int_equal(set->count, 4);
	for (uint32_t i = set->first; i < set->first + set->count; i++) {
		struct view key = profile_text(p, p->labels[i].key);
		struct view text = profile_text(p, p->labels[i].str);

		seen += view_equal(key, VIEW("process")) && view_equal(text, VIEW("program"));
		seen += view_equal(key, VIEW("thread")) && view_equal(text, VIEW("worker"));
		seen += view_equal(key, VIEW("env")) && view_equal(text, VIEW("test"));
		seen += view_equal(key, VIEW("pid")) && p->labels[i].num == 7;
	}
	assert_int_equal(seen, 4);
	window_fini(&w);
}

static void generated_code_of_two_processes_stays_apart(void **state)
{
	struct process_mapping m[2] = {
		{ .start = 0x1000, .end = 0x2000, .kind = PROCESS_JIT },
		{ .start = 0x1000, .end = 0x2000, .kind = PROCESS_JIT },
	};
	struct process processes[2] = {
		{ .pid = 0x3ffffffe, .mappings = &m[0], .n_mappings = 1 },
		{ .pid = 0x3ffffffd, .mappings = &m[1], .n_mappings = 1 },
	};
	uint64_t user[] = { 0x1800 };
	struct window_sample sample = sample_of(user, 1);
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	for (int i = 0; i < 2; i++) {
		sample.process = &processes[i];
		assert_int_equal(window_add(&w, &sample, 0), 0);
	}
	assert_int_equal(w.profile->n_samples, 2);
	assert_int_equal(w.profile->n_locations, 2);
	assert_int_equal(w.sources[w.profile->locations[0].mapping].kind, SYMBOL_JIT);
	window_fini(&w);
}

static void what_a_thread_says_is_on_its_samples(void **state)
{
	struct thread_record says = { .trace_id = "0a", .n_labels = 1 }, other = says;
	struct window_sample sample = sample_of(NULL, 0);
	struct window w;

	assert_int_equal(window_init(&w, 1000, NULL), 0);
	says.labels[0] = (struct thread_record_label){ VIEW("route"), VIEW("basket") };
	other.labels[0] = (struct thread_record_label){ VIEW("route"), VIEW("item") };
	assert_int_equal(window_add(&w, &sample, 0), 0);
	sample.says = &says;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	assert_int_equal(window_add(&w, &sample, 0), 0);
	sample.says = &other;
	assert_int_equal(window_add(&w, &sample, 0), 0);
	assert_int_equal(w.profile->n_samples, 3);
	assert_int_equal(w.profile->label_sets[w.profile->samples[1].labels].count, 5);
	assert_int_equal(w.profile->values[w.profile->n_types], 2);
	window_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_addresses_become_the_files),
		cmocka_unit_test(kernel_frames_lie_above_the_users),
		cmocka_unit_test(a_cut_stack_says_so_at_its_root),
		cmocka_unit_test(the_program_that_was_asked_for_comes_first),
		cmocka_unit_test(equal_samples_are_one_and_all_are_counted),
		cmocka_unit_test(labels_tell_process_and_thread_and_what_the_user_added),
		cmocka_unit_test(generated_code_of_two_processes_stays_apart),
		cmocka_unit_test(what_a_thread_says_is_on_its_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
