/* vec: room for one more in an array. */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_CAP 16
#define HUGE_PAGE ((uintptr_t)2 << 20)

void vec_advise(void *at, size_t bytes)
{
	uintptr_t first = ((uintptr_t)at + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	uintptr_t end = ((uintptr_t)at + bytes) & ~(HUGE_PAGE - 1);

	if (bytes >= 2 * HUGE_PAGE && end > first)
		madvise((void *)first, end - first, MADV_HUGEPAGE);
}

/* Arrays of megabytes ask for huge pages: on a virtual machine, the faults of small ones cost more
 * than everything that is then done with the bytes. */
#define HUGE_PAGE ((uintptr_t)2 << 20)

static void *advised(void *at, size_t size)
{
	uintptr_t from = ((uintptr_t)at + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	uintptr_t to = ((uintptr_t)at + size) & ~(HUGE_PAGE - 1);

	if (at && size >= 2 * HUGE_PAGE && from < to)
		madvise((void *)from, to - from, MADV_HUGEPAGE);
	return at;
}

void *vec_zeroed(size_t size)
{
	return advised(calloc(1, size), size);
}

bool vec_grow(void **at, size_t *cap, size_t size, size_t need)
{
	size_t grown = *cap ? *cap : FIRST_CAP;
	void *moved;

	while (grown < need) {
		if (grown > SIZE_MAX / 2 / size)
			return false;
		grown *= 2;
	}
	moved = advised(realloc(*at, grown * size), grown * size);
	if (!moved)
		return false;
	vec_advise(moved, grown * size);
	*at = moved;
	*cap = grown;
	return true;
}
