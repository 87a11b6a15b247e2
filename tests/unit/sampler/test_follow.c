/* test_follow: perf records become events in the order of time. */
#include "testing.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

#include "base/vec.h"
#include "sampler/follow.h"

/* A record under construction. */
struct made {
	struct perf_event_header header;
	char body[256];
};

static void add(struct made *made, const void *bytes, size_t len)
{
	memcpy((char *)made + made->header.size, bytes, len);
	made->header.size = (uint16_t)(made->header.size + len);
}

static struct made begin(uint32_t type, uint16_t misc)
{
	return (struct made){
		.header = { .type = type, .misc = misc, .size = sizeof(struct perf_event_header) }
	};
}

static void add_trailer(struct made *made, uint64_t time_ns)
{
	uint32_t ids[2] = { 11, 12 };

	add(made, ids, sizeof(ids));
	add(made, &time_ns, sizeof(time_ns));
}

static struct made mmap2(uint32_t protection)
{
	struct made made = begin(PERF_RECORD_MMAP2, 0);
	uint32_t ids[2] = { 11, 12 }, device[2] = { 8, 1 }, rights[2] = { protection, MAP_PRIVATE };
	uint64_t range[3] = { 0x1000, 0x2000, 0x500 }, inode[2] = { 77, 5 };
	char path[16] = "/usr/bin/x";

	add(&made, ids, sizeof(ids));
	add(&made, range, sizeof(range));
	add(&made, device, sizeof(device));
	add(&made, inode, sizeof(inode));
	add(&made, rights, sizeof(rights));
	add(&made, path, sizeof(path));
	add_trailer(&made, 999);
	return made;
}

static struct made task(uint32_t type, uint32_t pid, uint32_t parent, uint32_t tid)
{
	struct made made = begin(type, 0);
	uint32_t ids[4] = { pid, parent, tid, parent };
	uint64_t time_ns = 1;

	add(&made, ids, sizeof(ids));
	add(&made, &time_ns, sizeof(time_ns));
	add_trailer(&made, 555);
	return made;
}

static void a_mapping_of_code_becomes_an_event(void **state)
{
	struct made made = mmap2(PROT_READ | PROT_EXEC);
	struct follow_event *event = follow_decode(&made.header);

	assert_non_null(event);
	assert_int_equal(event->kind, FOLLOW_MAP);
	assert_int_equal(event->pid, 11);
	assert_int_equal(event->start, 0x1000);
	assert_int_equal(event->end, 0x3000);
	assert_int_equal(event->offset, 0x500);
	assert_int_equal(event->device, makedev(8, 1));
	assert_int_equal(event->inode, 77);
	assert_int_equal(event->generation, 5);
	assert_int_equal(event->time_ns, 999);
	assert_string_equal(event->data, "/usr/bin/x");
	free(event);
}

static void data_is_no_code(void **state)
{
	struct made made = mmap2(PROT_READ | PROT_WRITE);

	assert_null(follow_decode(&made.header));
}

static void a_new_program_is_told_from_a_new_name(void **state)
{
	uint32_t ids[2] = { 11, 11 };
	struct made renamed = begin(PERF_RECORD_COMM, 0);
	struct made started = begin(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC);
	struct follow_event *event;

	add(&renamed, ids, sizeof(ids));
	add(&renamed, "make\0\0\0", 8);
	add_trailer(&renamed, 1);
	assert_null(follow_decode(&renamed.header));
	add(&started, ids, sizeof(ids));
	add(&started, "make\0\0\0", 8);
	add_trailer(&started, 1);
	event = follow_decode(&started.header);
	assert_non_null(event);
	assert_int_equal(event->kind, FOLLOW_EXEC);
	assert_string_equal(event->data, "make");
	free(event);
}

static void threads_come_and_go_unnoticed(void **state)
{
	struct made process = task(PERF_RECORD_FORK, 20, 10, 20);
	struct made thread = task(PERF_RECORD_FORK, 10, 10, 21);
	struct made end = task(PERF_RECORD_EXIT, 20, 10, 20);
	struct made thread_end = task(PERF_RECORD_EXIT, 10, 10, 21);
	struct follow_event *event = follow_decode(&process.header);

	assert_int_equal(event->kind, FOLLOW_FORK);
	assert_int_equal(event->pid, 20);
	assert_int_equal(event->parent, 10);
	free(event);
	assert_null(follow_decode(&thread.header));
	event = follow_decode(&end.header);
	assert_int_equal(event->kind, FOLLOW_EXIT);
	free(event);
	assert_null(follow_decode(&thread_end.header));
}

static void a_record_cut_anywhere_is_no_event(void **state)
{
	struct made made = mmap2(PROT_READ | PROT_EXEC);

	for (uint16_t size = 0; size < sizeof(made.header) + 64 + 16; size++) {
		/* In memory of just that size, so that reading past it is caught. */
		char *copy = malloc(size ? size : 1);
		struct perf_event_header header = made.header;

		if (size < sizeof(header)) {
			free(copy);
			continue;
		}
		memcpy(copy, &made, size);
		header.size = size;
		memcpy(copy, &header, sizeof(header));
		assert_null(follow_decode((struct perf_event_header *)copy));
		free(copy);
	}
}

static void put(struct follow *follow, uint64_t time_ns, uint32_t pid)
{
	struct follow_event *event = calloc(1, sizeof(*event) + 1);
	struct follow_event **slot = VEC_ADD(follow->queue, follow->n_queue, follow->cap_queue);

	event->time_ns = time_ns;
	event->pid = pid;
	event->number = follow->arrived++;
	*slot = event;
}

static uint32_t take(struct follow *follow, uint64_t until_ns)
{
	struct follow_event *event = follow_next(follow, until_ns);
	uint32_t pid = event ? event->pid : 0;

	free(event);
	return pid;
}

static void events_come_by_time_and_never_too_early(void **state)
{
	struct follow follow = { 0 };

	put(&follow, 30, 3);
	put(&follow, 10, 1);
	put(&follow, 10, 2);
	assert_int_equal(follow_drain(&follow, NULL), 0);
	assert_int_equal(take(&follow, 9), 0);
	assert_int_equal(take(&follow, 20), 1);
	assert_int_equal(take(&follow, 20), 2);
	assert_int_equal(take(&follow, 20), 0);
	put(&follow, 25, 4);
	assert_int_equal(follow_drain(&follow, NULL), 0);
	assert_int_equal(take(&follow, 99), 4);
	assert_int_equal(take(&follow, 99), 3);
	assert_int_equal(take(&follow, 99), 0);
	follow_close(&follow);
}

static void what_was_lost_is_counted(void **state)
{
	struct made made = begin(PERF_RECORD_LOST, 0);
	uint64_t numbers[2] = { 1, 42 };
	struct follow_event *event;

	add(&made, numbers, sizeof(numbers));
	add_trailer(&made, 7);
	event = follow_decode(&made.header);
	assert_int_equal(event->kind, FOLLOW_LOST);
	assert_int_equal(event->count, 42);
	free(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapping_of_code_becomes_an_event),
		cmocka_unit_test(data_is_no_code),
		cmocka_unit_test(a_new_program_is_told_from_a_new_name),
		cmocka_unit_test(threads_come_and_go_unnoticed),
		cmocka_unit_test(a_record_cut_anywhere_is_no_event),
		cmocka_unit_test(events_come_by_time_and_never_too_early),
		cmocka_unit_test(what_was_lost_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
