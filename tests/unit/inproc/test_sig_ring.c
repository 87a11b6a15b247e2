/* test_sig_ring: records arrive whole, in order and once, from many writers. */
#include <pthread.h>
#include <stdlib.h>

#include "inproc/sig_ring.h"
#include "testing.h"

#define WORDS 256

struct seen {
	uint64_t first[4096];
	size_t words[4096], n;
};

static void note(void *owner, const void *record, size_t words)
{
	struct seen *seen = owner;

	seen->first[seen->n] = *(const uint64_t *)record;
	seen->words[seen->n++] = words;
}

static _Atomic uint64_t memory[WORDS];

static struct sig_ring fresh(void)
{
	memset((void *)memory, 0, sizeof(memory));
	return (struct sig_ring){ .words = memory, .n_words = WORDS };
}

static bool put(struct sig_ring *ring, uint64_t value, size_t words, size_t words_max)
{
	uint64_t at, *record = sig_ring_reserve(ring, words_max, &at);

	if (!record)
		return false;
	for (size_t i = 0; i < words; i++)
		record[i] = value;
	sig_ring_commit(ring, at, words, words_max);
	return true;
}

static void what_is_put_comes_out_in_order(void **state)
{
	struct sig_ring ring = fresh();
	struct seen seen = { .n = 0 };

	for (uint64_t i = 0; i < 1000; i++) {
		assert_true(put(&ring, i + 1, 1 + i % 30, 30));
		if (i % 3 == 2)
			sig_ring_drain(&ring, note, &seen);
	}
	sig_ring_drain(&ring, note, &seen);
	assert_int_equal(seen.n, 1000);
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(seen.first[i], i + 1);
		assert_int_equal(seen.words[i], 1 + i % 30);
	}
}

static void a_full_ring_refuses_and_recovers(void **state)
{
	struct sig_ring ring = fresh();
	struct seen seen = { .n = 0 };
	size_t n = 0;

	while (put(&ring, 1, 10, 10))
		n++;
	assert_true(n >= WORDS / 11 - 1 && n <= WORDS / 11);
	sig_ring_drain(&ring, note, &seen);
	assert_int_equal(seen.n, n);
	assert_true(put(&ring, 2, 10, 10));
}

/* As many as fit by what they need, not by what they asked for. */
static void what_is_left_is_given_back(void **state)
{
	struct sig_ring ring = fresh();
	struct seen seen = { .n = 0 };
	uint64_t n = 0;

	while (put(&ring, n + 1, 3, 60))
		n++;
	assert_true(n > (WORDS - 61) / 4);
	sig_ring_drain(&ring, note, &seen);
	assert_int_equal(seen.n, n);
	for (uint64_t i = 0; i < n; i++) {
		assert_int_equal(seen.first[i], i + 1);
		assert_int_equal(seen.words[i], 3);
	}
}

static void unless_others_came_behind_it(void **state)
{
	struct sig_ring ring = fresh();
	struct seen seen = { .n = 0 };
	uint64_t at, *record = sig_ring_reserve(&ring, 60, &at);

	assert_true(put(&ring, 2, 3, 60));
	*record = 1;
	sig_ring_commit(&ring, at, 1, 60);
	assert_true(put(&ring, 3, 3, 60));
	sig_ring_drain(&ring, note, &seen);
	assert_int_equal(seen.n, 3);
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(seen.first[i], i + 1);
}

static void an_unfinished_record_holds_back_those_behind_it(void **state)
{
	struct sig_ring ring = fresh();
	struct seen seen = { .n = 0 };
	uint64_t at, *record = sig_ring_reserve(&ring, 5, &at);

	assert_true(put(&ring, 2, 5, 5));
	assert_int_equal(sig_ring_drain(&ring, note, &seen), 0);
	record[0] = 1;
	sig_ring_commit(&ring, at, 1, 5);
	assert_int_equal(sig_ring_drain(&ring, note, &seen), 2);
	assert_int_equal(seen.first[0], 1);
	assert_int_equal(seen.first[1], 2);
}

#define WRITERS 4
#define PER_WRITER 20000

static void *write_many(void *context)
{
	struct sig_ring *ring = ((void **)context)[0];
	uint64_t who = (uint64_t)(uintptr_t)((void **)context)[1];

	for (uint64_t i = 0; i < PER_WRITER;)
		i += put(ring, who << 32 | i, 1 + i % 7, 12);
	return NULL;
}

struct tally {
	uint64_t next[WRITERS];
	bool wrong;
};

static void check_order(void *owner, const void *record, size_t words)
{
	struct tally *tally = owner;
	uint64_t value = *(const uint64_t *)record, who = value >> 32;

	for (size_t i = 0; i < words; i++)
		tally->wrong |= ((const uint64_t *)record)[i] != value;
	tally->wrong |= who >= WRITERS || (uint32_t)value != tally->next[who];
	tally->next[who % WRITERS]++;
}

static void many_writers_lose_and_mix_nothing(void **state)
{
	struct sig_ring ring = fresh();
	struct tally tally = { .wrong = false };
	pthread_t threads[WRITERS];
	void *contexts[WRITERS][2];
	size_t n = 0;

	for (uintptr_t i = 0; i < WRITERS; i++) {
		contexts[i][0] = &ring;
		contexts[i][1] = (void *)i;
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, contexts[i]), 0);
	}
	while (n < (size_t)WRITERS * PER_WRITER)
		n += sig_ring_drain(&ring, check_order, &tally);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	assert_false(tally.wrong);
	assert_int_equal(sig_ring_drain(&ring, check_order, &tally), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_comes_out_in_order),
		cmocka_unit_test(a_full_ring_refuses_and_recovers),
		cmocka_unit_test(what_is_left_is_given_back),
		cmocka_unit_test(unless_others_came_behind_it),
		cmocka_unit_test(an_unfinished_record_holds_back_those_behind_it),
		cmocka_unit_test(many_writers_lose_and_mix_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
