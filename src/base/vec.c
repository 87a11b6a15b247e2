/* vec: room for one more in an array. */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST_CAP 16

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
	*at = moved;
	*cap = grown;
	return true;
}
