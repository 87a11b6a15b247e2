/*
 * varints: a run of packed numbers, many at once.
 *
 * A number ends with the first byte below 0x80, so the top bits of 64 bytes, gathered in one word,
 * say where all numbers among them end. Each is then cut out and pressed together on its own:
 * nothing waits for the number before, and there is no branch to guess wrong for each byte.
 */
#ifndef WIRE_VARINTS_H
#define WIRE_VARINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

/* The numbers of `run` into `out`, which has room for run.len of them; *ret_n says how many.
 * `readable` is where the memory around the run ends. False, with `out` undefined, if a number is
 * cut off or is 2^28 or more: proto_varint then says which. */
bool varints_decode(struct view run, const void *readable, uint32_t *out, size_t *ret_n);

#endif
