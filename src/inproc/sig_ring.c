/* sig_ring: records from signal handlers to the one thread that reads them. */
#include "inproc/sig_ring.h"

enum sig_ring_kind { SIG_RING_RECORD = 1, SIG_RING_GAP };

static uint64_t head_word(enum sig_ring_kind kind, size_t words)
{
	return (uint64_t)kind << 32 | (uint32_t)words;
}

static _Atomic uint64_t *word_at(struct sig_ring *ring, uint64_t at)
{
	return &ring->words[at & (ring->n_words - 1)];
}

static void put_gap(struct sig_ring *ring, uint64_t at, size_t words)
{
	if (words)
		atomic_store_explicit(
			word_at(ring, at), head_word(SIG_RING_GAP, words), memory_order_release);
}

void *sig_ring_reserve(struct sig_ring *ring, size_t words_max, uint64_t *ret_at)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed), gap;
	size_t need = words_max + 1;

	do {
		uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
		size_t to_end = ring->n_words - (head & (ring->n_words - 1));

		gap = to_end < need ? to_end : 0;
		if (head + gap + need - tail > ring->n_words)
			return NULL;
	} while (!atomic_compare_exchange_weak_explicit(
		&ring->head, &head, head + gap + need, memory_order_acquire, memory_order_relaxed));
	put_gap(ring, head, gap);
	*ret_at = head + gap;
	return (void *)(word_at(ring, *ret_at) + 1);
}

/* What is left is given back, unless somebody has taken room behind it by now. */
void sig_ring_commit(struct sig_ring *ring, uint64_t at, size_t words, size_t words_max)
{
	uint64_t end = at + 1 + words, head = at + 1 + words_max;

	if (!atomic_compare_exchange_strong_explicit(
		    &ring->head, &head, end, memory_order_release, memory_order_relaxed))
		put_gap(ring, end, words_max - words);
	atomic_store_explicit(
		word_at(ring, at), head_word(SIG_RING_RECORD, words + 1), memory_order_release);
}

size_t sig_ring_drain(struct sig_ring *ring,
	void (*visit)(void *owner, const void *record, size_t words), void *owner)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed), head;
	size_t n = 0;

	while ((head = atomic_load_explicit(word_at(ring, tail), memory_order_acquire)) != 0) {
		size_t words = (uint32_t)head;

		if (head >> 32 == SIG_RING_RECORD) {
			visit(owner, (const void *)(word_at(ring, tail) + 1), words - 1);
			n++;
		}
		for (size_t i = 0; i < words; i++)
			atomic_store_explicit(word_at(ring, tail + i), 0, memory_order_relaxed);
		tail += words;
		atomic_store_explicit(&ring->tail, tail, memory_order_release);
	}
	return n;
}
