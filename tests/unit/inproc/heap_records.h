/* heap_records: heap samples of this test's own functions, without any allocation behind them. */
#ifndef HEAP_RECORDS_H
#define HEAP_RECORDS_H

#include "inproc/heap_sites.h"
#include "inproc/own_space.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"
#include "profiled.h"

#define HEAP_RECORDS_MEAN (1 << 20)

static _Atomic uint64_t heap_records_words[1 << 12], heap_records_slots[SIG_HEAP_SLOTS];
static _Atomic uint32_t heap_records_uses[SIG_HEAP_SLOTS];
static struct sig_ring heap_records_ring = { .words = heap_records_words, .n_words = 1 << 12 };
static struct sig_heap_setup heap_records_setup = { { &heap_records_ring, &heap_records_ring },
	heap_records_slots, heap_records_uses, HEAP_RECORDS_MEAN };
static struct own_space *heap_records_space;
static struct heap_sites heap_records;

static inline int heap_records_begin(void **state)
{
	sig_heap_thread.exempt = 1; /* what the test itself allocates */
	sig_heap_begin(&heap_records_setup);
	if (own_space_new(&heap_records_space, NULL) < 0 ||
		own_space_refresh(heap_records_space, NULL) < 0)
		return -1;
	return heap_sites_init(&heap_records, &heap_records_setup, heap_records_space, NULL);
}

static inline int heap_records_end(void **state)
{
	sig_heap_end();
	heap_sites_fini(&heap_records);
	own_space_free(heap_records_space);
	return 0;
}

/* A sample of so many bytes, allocated by `function`. */
static inline void heap_records_take(int (*function)(void **), uint64_t size, uint64_t place)
{
	union sig_sample_room room = { .sample = { .values = { size, place },
					       .generation = 1,
					       .n_frames = 1,
					       .kind = sig_heap_kind(sig_heap_epoch) } };

	sig_heap_counts.attempted++;
	room.sample.data[0] = (uint64_t)(uintptr_t)function + 1;
	heap_sites_take(&heap_records, &room, SIG_SAMPLE_WORDS_MAX);
}

#endif
