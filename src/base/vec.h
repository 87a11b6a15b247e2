/*
 * vec: room for one more in an array.
 *
 *     struct thing *things; size_t n_things, cap_things;
 *     struct thing *new = VEC_ADD(things, n_things, cap_things);   NULL without memory
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

/* Asks for huge pages under a large array that is about to be filled: fewer faults and TLB misses.
 * Only advice; small arrays are left alone. */
void vec_advise(void *at, size_t bytes);

/* Grows *at (elements of `size` bytes) so that `need` fit, doubling; false without memory. */
bool vec_grow(void **at, size_t *cap, size_t size, size_t need);

/* Zeroed memory for a table of `size` bytes; the caller frees it. NULL without memory. */
void *vec_zeroed(size_t size);

#define VEC_FITS(array, cap, need) \
	((need) <= (cap) || vec_grow((void **)&(array), &(cap), sizeof(*(array)), (need)))

#define VEC_ADD(array, count, cap) (VEC_FITS(array, cap, (count) + 1) ? &(array)[(count)++] : NULL)

#endif
