/*
 * dwarfreply: what the child that reads DWARF answers.
 *
 *     'S' length u32, bytes                  a string; they are numbered from 1, 0 is none
 *     'A' index u32, count u32, then count   the frames at addresses[index], innermost first
 *         times { name, linkage, file, line, start line: u32 }
 *     'E'                                    all was looked at
 *
 * In the byte order of the machine. The child may have been taken over by the file it read, so
 * every byte is checked.
 */
#ifndef SYMBOL_DWARFREPLY_H
#define SYMBOL_DWARFREPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define DWARFREPLY_BYTES_MAX ((size_t)64 << 20)
#define DWARFREPLY_INLINED_MAX 64 /* frames at one address */
#define DWARFREPLY_TEXT_MAX ((size_t)16 << 10)

struct dwarfreply_frame {
	struct view name, linkage, file; /* empty = not known */
	uint32_t line, start_line;       /* 0 = not known */
};

/* The frames at one address, in the reply's frames. 0 frames: nothing is known. A first
 * frame without any name says only where in which file the address is. */
struct dwarfreply_span {
	uint32_t first, count;
};

struct dwarfreply {
	struct dwarfreply_span *spans;   /* owned; one an address */
	struct dwarfreply_frame *frames; /* owned; their texts lie in the bytes decoded */
	size_t n_frames, cap_frames;
	bool whole; /* the end was reached */
};

/* Takes what is well-formed, up to the first thing that is not. 0 or ERR_NOMEM. */
int dwarfreply_decode(struct view bytes, size_t n_addresses, struct dwarfreply *ret);
void dwarfreply_fini(struct dwarfreply *reply);

#endif
