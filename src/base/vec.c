/* vec: room for one more in an array. */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_CAP 16
#define HUGE_PAGE ((uintptr_t)2 << 20)

/* On a virtual machine, the faults of small pages cost more than everything that is then done with
 * the bytes. */
void vec_advise(void *at, size_t bytes)
{
	uintptr_t first = ((uintptr_t)at + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	uintptr_t end = ((uintptr_t)at + bytes) & ~(HUGE_PAGE - 1);

	if (bytes >= 2 * HUGE_PAGE && end > first)
		madvise((void *)first, end - first, MADV_HUGEPAGE);
}

void *vec_zeroed(size_t size)
{
	void *at = calloc(1, size);

	if (at)
		vec_advise(at, size);
	return at;
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
	moved = realloc(*at, grown * size);
	if (!moved)
		return false;
	vec_advise(moved, grown * size);
	*at = moved;
	*cap = grown;
	return true;
}
