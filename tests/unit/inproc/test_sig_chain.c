/* test_sig_chain: records of a perf event, as the kernel lays them out. */
#include "inproc/sig_chain.h"

#include <linux/perf_event.h>
#include <stdlib.h>

#include "testing.h"

#define RECORD(n) (24 + 8 * (n)) /* bytes of a sample of n addresses */

static uint64_t memory[(SIG_CHAIN_PAGE + SIG_CHAIN_DATA) / 8];
static struct perf_event_mmap_page *page = (struct perf_event_mmap_page *)memory;

static void put_word(uint64_t word)
{
	memory[(SIG_CHAIN_PAGE + page->data_head % SIG_CHAIN_DATA) / 8] = word;
	page->data_head += 8;
}

static void put_head(uint32_t type, uint16_t size)
{
	union {
		struct perf_event_header header;
		uint64_t word;
	} head = { .header = { .type = type, .size = size } };

	put_word(head.word);
}

/* A sample of a thread that was in the kernel, n - 1 frames deep. */
static void put(uint64_t counted_ns, size_t n)
{
	put_head(PERF_RECORD_SAMPLE, (uint16_t)RECORD(n));
	put_word(counted_ns);
	put_word(n);
	for (size_t i = 0; i < n; i++)
		put_word(i ? 0xffffffff81000000 + i : PERF_CONTEXT_KERNEL);
}

static int set_up(void **state)
{
	memset(memory, 0, sizeof(memory));
	return 0;
}

static void the_kernels_frames_come_without_marks(void **state)
{
	struct sig_chain chain;

	assert_false(sig_chain_take(page, &chain));
	put(1000, 4);
	put(2000, 0); /* the thread ran its own code */
	assert_true(sig_chain_take(page, &chain));
	assert_int_equal(chain.counted_ns, 1000);
	assert_int_equal(chain.n, 3);
	assert_int_equal(chain.frames[0], 0xffffffff81000001);
	assert_int_equal(chain.frames[2], 0xffffffff81000003);
	assert_true(sig_chain_take(page, &chain));
	assert_int_equal(chain.counted_ns, 2000);
	assert_int_equal(chain.n, 0);
	assert_false(sig_chain_take(page, &chain));
	assert_int_equal(page->data_tail, page->data_head);
}

static void records_go_around_the_end(void **state)
{
	struct sig_chain chain;

	for (uint64_t i = 0; i < 1000; i++) {
		put(i, i % 60);
		assert_true(sig_chain_take(page, &chain));
		assert_int_equal(chain.counted_ns, i);
		assert_int_equal(chain.n, i % 60 ? i % 60 - 1 : 0);
	}
}

static void other_records_are_passed_by(void **state)
{
	struct sig_chain chain;

	put_head(PERF_RECORD_LOST, 24);
	put_word(1);
	put_word(2);
	put(3000, 2);
	assert_true(sig_chain_take(page, &chain));
	assert_int_equal(chain.counted_ns, 3000);
}

static void nothing_is_read_beyond_a_record(void **state)
{
	struct sig_chain chain;

	put_head(PERF_RECORD_SAMPLE, 32);
	put_word(1);
	put_word(UINT64_MAX); /* addresses, it says */
	put_word(42);
	assert_true(sig_chain_take(page, &chain));
	assert_int_equal(chain.n, 1);
	put_head(PERF_RECORD_SAMPLE, 0); /* would never end */
	assert_false(sig_chain_take(page, &chain));
	put_head(PERF_RECORD_SAMPLE, 800); /* more than is there */
	assert_false(sig_chain_take(page, &chain));
	put(5, 100);
	assert_true(sig_chain_take(page, &chain));
	assert_int_equal(chain.n, SIG_CHAIN_FRAMES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_kernels_frames_come_without_marks, set_up),
		cmocka_unit_test_setup(records_go_around_the_end, set_up),
		cmocka_unit_test_setup(other_records_are_passed_by, set_up),
		cmocka_unit_test_setup(nothing_is_read_beyond_a_record, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
