/* test_process: mappings are kept as the kernel has them, through exec, fork and exit. */
#include "testing.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sampler/process.h"

#define NO_SUCH_PID 0x3ffffffe

struct log {
	unsigned execs, births, frees;
};

static void on_exec(void *owner, struct process *process)
{
	((struct log *)owner)->execs++;
}

static void on_birth(void *owner, struct process *process)
{
	((struct log *)owner)->births++;
}

static void on_free(void *owner, struct process *process)
{
	((struct log *)owner)->frees++;
}

static struct process *known(struct process_table *table, pid_t pid)
{
	struct process *process = process_add(table, pid);

	process->maps_known = true;
	return process;
}

static void map(struct process_table *table, struct process *process, uint64_t start, uint64_t end,
	const char *path)
{
	struct process_mapping m = { .start = start,
		.end = end,
		.offset = 0x100,
		.kind = path ? PROCESS_FILE : PROCESS_JIT };

	assert_int_equal(process_map(table, process, &m, view_of(path)), 0);
}

static void send(struct process_table *table, enum follow_kind kind, uint32_t pid, uint32_t parent,
	const char *text)
{
	struct follow_event *event = calloc(1, sizeof(*event) + 64);

	event->kind = kind;
	event->pid = pid;
	event->parent = parent;
	event->time_ns = 5;
	event->start = 0x1000;
	event->end = 0x2000;
	event->inode = 9;
	event->len = strlen(text);
	memcpy(event->data, text, event->len);
	assert_int_equal(process_apply(table, event, false), 0);
	free(event);
}

static void a_mapping_hides_what_it_covers(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, 1);

	map(&table, p, 0x1000, 0x9000, "/old");
	map(&table, p, 0x3000, 0x5000, "/new");
	assert_int_equal(p->n_mappings, 3);
	assert_string_equal(process_at(p, 0x2fff)->path, "/old");
	assert_string_equal(process_at(p, 0x3000)->path, "/new");
	assert_string_equal(process_at(p, 0x5000)->path, "/old");
	/* The tail shows a later part of the file. */
	assert_int_equal(process_at(p, 0x5000)->offset, 0x100 + 0x4000);
	map(&table, p, 0x0, 0x10000, "/all");
	assert_int_equal(p->n_mappings, 1);
	assert_null(process_at(p, 0x10000));
	process_table_fini(&table);
}

static void an_end_may_be_cut_off_on_either_side(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, 1);

	map(&table, p, 0x2000, 0x6000, "/a");
	map(&table, p, 0x1000, 0x3000, "/front");
	map(&table, p, 0x5000, 0x7000, "/back");
	assert_int_equal(process_at(p, 0x3000)->start, 0x3000);
	assert_int_equal(process_at(p, 0x3000)->end, 0x5000);
	assert_int_equal(process_at(p, 0x3000)->offset, 0x100 + 0x1000);
	process_table_fini(&table);
}

static void pieces_of_generated_code_become_one(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, 1);

	map(&table, p, 0x1000, 0x2000, NULL);
	map(&table, p, 0x3000, 0x4000, NULL);
	assert_int_equal(p->n_mappings, 2);
	map(&table, p, 0x2000, 0x3000, NULL);
	assert_int_equal(p->n_mappings, 1);
	assert_int_equal(p->mappings[0].start, 0x1000);
	assert_int_equal(p->mappings[0].end, 0x4000);
	/* Said again, it is nothing new to the kernel. */
	p->run_stale = false;
	map(&table, p, 0x2000, 0x3000, NULL);
	assert_false(p->run_stale);
	/* A file next to it stays apart. */
	map(&table, p, 0x4000, 0x5000, "/lib");
	assert_int_equal(p->n_mappings, 2);
	process_table_fini(&table);
}

static void a_new_program_begins_with_nothing(void **state)
{
	struct log log = { 0 };
	struct process_table table = { .on_exec = on_exec, .owner = &log };
	struct process *p = known(&table, 7);

	map(&table, p, 0x1000, 0x2000, "/bin/sh");
	send(&table, FOLLOW_EXEC, 7, 0, "a-name-of-fiftee");
	assert_int_equal(p->n_mappings, 0);
	assert_int_equal(log.execs, 1);
	assert_true(p->run_stale);
	send(&table, FOLLOW_MAP, 7, 0, "/opt/other");
	assert_string_equal(process_at(p, 0x1800)->path, "/opt/other");
	process_table_fini(&table);
}

static void a_long_name_is_completed_by_the_programs_file(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, 7);

	send(&table, FOLLOW_EXEC, 7, 0, "fifteen-letters");
	send(&table, FOLLOW_MAP, 7, 0, "/opt/fifteen-letters-and-more");
	assert_string_equal(p->name, "fifteen-letters-and-more");
	send(&table, FOLLOW_EXEC, 7, 0, "short");
	send(&table, FOLLOW_MAP, 7, 0, "/opt/shorter");
	assert_string_equal(p->name, "short");
	process_table_fini(&table);
}

static void a_child_has_its_parents_mappings(void **state)
{
	struct log log = { 0 };
	struct process_table table = { .on_birth = on_birth, .on_free = on_free, .owner = &log };
	struct process *p = known(&table, 7), *child;

	map(&table, p, 0x1000, 0x2000, "/bin/sh");
	send(&table, FOLLOW_FORK, 8, 7, "");
	child = process_find(&table, 8);
	assert_non_null(child);
	assert_string_equal(process_at(child, 0x1000)->path, "/bin/sh");
	assert_ptr_not_equal(process_at(child, 0x1000)->path, process_at(p, 0x1000)->path);
	assert_int_equal(log.births, 1);
	/* The child of a process that nobody asked for is not of interest. */
	send(&table, FOLLOW_FORK, 100, 99, "");
	assert_null(process_find(&table, 100));
	/* A number that is used again is another process. */
	send(&table, FOLLOW_FORK, 8, 7, "");
	assert_int_equal(log.frees, 1);
	process_table_fini(&table);
	assert_int_equal(log.frees, 3);
}

static void an_end_is_noted_and_the_mappings_stay(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, 7);

	map(&table, p, 0x1000, 0x2000, "/bin/sh");
	send(&table, FOLLOW_EXIT, 7, 0, "");
	assert_true(p->ended);
	assert_non_null(process_at(p, 0x1000));
	process_table_fini(&table);
}

static void reads_a_living_process_once(void **state)
{
	struct process_table table = { 0 };
	struct process *p = process_add(&table, getpid());
	uint64_t here = (uintptr_t)reads_a_living_process_once;

	assert_int_equal(process_read(&table, p, NULL), 0);
	assert_true(p->maps_known);
	assert_string_equal(p->name, "test_process");
	assert_int_equal(process_at(p, here)->kind, PROCESS_FILE);
	assert_non_null(strstr(process_at(p, here)->path, "test_process"));
	process_table_fini(&table);
}

static void a_process_that_went_is_known_by_what_was_seen(void **state)
{
	struct process_table table = { 0 };
	struct process *p = known(&table, NO_SUCH_PID), *other;
	struct err err = { 0 };

	map(&table, p, 0x1000, 0x2000, "/bin/sh");
	process_forget(p);
	assert_int_equal(process_read(&table, p, &err), 0);
	assert_non_null(process_at(p, 0x1000));
	other = process_add(&table, NO_SUCH_PID - 1);
	assert_int_equal(process_read(&table, other, &err), ERR_NOT_FOUND);
	process_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapping_hides_what_it_covers),
		cmocka_unit_test(an_end_may_be_cut_off_on_either_side),
		cmocka_unit_test(pieces_of_generated_code_become_one),
		cmocka_unit_test(a_new_program_begins_with_nothing),
		cmocka_unit_test(a_long_name_is_completed_by_the_programs_file),
		cmocka_unit_test(a_child_has_its_parents_mappings),
		cmocka_unit_test(an_end_is_noted_and_the_mappings_stay),
		cmocka_unit_test(reads_a_living_process_once),
		cmocka_unit_test(a_process_that_went_is_known_by_what_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
