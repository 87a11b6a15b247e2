/* records: random records for blocks, and whether two are the same. */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdlib.h>

#include "store/block.h"
#include "store/workload.h"

/* In order of time; the caller finishes and frees each. */
static inline void records_make(struct record **records, size_t n, uint32_t seed)
{
	struct store_dictionary *d = dictionary_new(1, 100000);

	for (size_t i = 0; i < n; i++) {
		struct workload_entry made;
		struct dictionary_pass pass;

		workload_make(&made, &seed, 10);
		made.profile->time_ns = WORKLOAD_START + (int64_t)i * WORKLOAD_SECOND;
		records[i] = calloc(1, sizeof(*records[i]));
		assert_int_equal(dictionary_pass_init(&pass, d, made.profile, NULL), 0);
		assert_int_equal(record_build(records[i], &made.entry, &pass, NULL), 0);
		dictionary_pass_fini(&pass);
		workload_free(&made);
	}
	dictionary_unref(d);
}

static inline void records_free(struct record **records, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		record_fini(records[i]);
		free(records[i]);
	}
}

static inline void records_block(struct buf *out, size_t n, uint32_t seed)
{
	struct record *records[64];

	records_make(records, n, seed);
	assert_int_equal(block_encode((const struct record *const *)records, n, 1, out, NULL), 0);
	records_free(records, n);
}

static inline void records_assert_equal(const struct record *a, const struct record *b)
{
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->begin_ns, b->begin_ns);
	assert_int_equal(a->end_ns, b->end_ns);
	assert_int_equal(a->short_id, b->short_id);
	for (size_t i = 0; i < a->n; i++) {
		uint32_t x = a->span_of ? a->span_of[i] : 0, y = b->span_of ? b->span_of[i] : 0;

		assert_int_equal(a->stacks[i], b->stacks[i]);
		assert_int_equal(x != 0, y != 0);
		if (x)
			assert_memory_equal(&a->spans[x - 1], &b->spans[y - 1], sizeof(*a->spans));
	}
	for (size_t i = 0; i < a->n * a->n_types; i++)
		assert_int_equal(a->values[i], b->values[i]);
	for (size_t t = 0; t < a->n_types; t++)
		assert_int_equal(a->totals[t], b->totals[t]);
}

#endif
