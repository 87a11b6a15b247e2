/* range: overlapping address ranges, made flat. */
#include "symbol/range.h"

#include <stdlib.h>

#include "base/vec.h"

/* The ranges that hold the sweep's address, or are past it but not the highest: a heap by rank. */
struct heap {
	const struct range **at; /* owned */
	size_t count;
};

static void heap_push(struct heap *heap, const struct range *range)
{
	size_t i = heap->count++;

	for (; i > 0 && heap->at[(i - 1) / 2]->rank < range->rank; i = (i - 1) / 2)
		heap->at[i] = heap->at[(i - 1) / 2];
	heap->at[i] = range;
}

static void heap_pop(struct heap *heap)
{
	const struct range *moved = heap->at[--heap->count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count && heap->at[child + 1]->rank > heap->at[child]->rank)
			child++;
		if (heap->at[child]->rank <= moved->rank)
			break;
		heap->at[i] = heap->at[child];
		i = child;
	}
	heap->at[i] = moved;
}

static int by_start(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

static void sort_by_start(struct range *ranges, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (by_start(&ranges[i - 1], &ranges[i]) > 0) {
			qsort(ranges, n, sizeof(*ranges), by_start);
			return;
		}
}

static void emit(
	struct range *out, size_t *n, const struct range *from, uint64_t start, uint64_t end)
{
	if (*n && out[*n - 1].id == from->id && out[*n - 1].end == start) {
		out[*n - 1].end = end;
		return;
	}
	out[*n] = *from;
	out[*n].start = start;
	out[(*n)++].end = end;
}

/* Every step either leaves a range or reaches the start of one, so 2n pieces are enough. */
static size_t sweep(const struct range *ranges, size_t n, struct heap *heap, struct range *out)
{
	size_t next = 0, n_out = 0;
	uint64_t at = 0;

	while (next < n || heap->count) {
		uint64_t end;

		if (heap->count == 0)
			at = ranges[next].start;
		for (; next < n && ranges[next].start <= at; next++)
			if (ranges[next].end > at)
				heap_push(heap, &ranges[next]);
		while (heap->count && heap->at[0]->end <= at)
			heap_pop(heap);
		if (heap->count == 0)
			continue;
		end = heap->at[0]->end;
		if (next < n && ranges[next].start < end)
			end = ranges[next].start;
		emit(out, &n_out, heap->at[0], at, end);
		at = end;
	}
	return n_out;
}

int range_flatten(struct range *ranges, size_t n, struct range **ret, size_t *ret_n)
{
	struct heap heap = { .at = malloc((n + 1) * sizeof(*heap.at)) };
	struct range *out = calloc(n + 1, 2 * sizeof(*out));

	if (!heap.at || !out) {
		free(heap.at);
		free(out);
		return ERR_NOMEM;
	}
	sort_by_start(ranges, n);
	*ret_n = sweep(ranges, n, &heap, out);
	*ret = out;
	free(heap.at);
	return 0;
}

const struct range *range_find(const struct range *ranges, size_t n, uint64_t address)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && ranges[low].start <= address ? &ranges[low] : NULL;
}
