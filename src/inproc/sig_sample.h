/*
 * sig_sample: a stack, what it stands for and what its thread works on, as one record in a ring.
 *
 * Written in signal handlers and hooks of any thread, read by the engine. Async-signal-safe.
 */
#ifndef INPROC_SIG_SAMPLE_H
#define INPROC_SIG_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "inproc/sig_ring.h"
#include "inproc/sig_tables.h"

#define SIG_SAMPLE_FRAMES_MAX 255

struct sig_sample {
	uint64_t values[2]; /* what they mean is up to the kind */
	uint32_t tid;
	uint32_t generation; /* of the tables */
	uint16_t n_frames;
	uint16_t attrs_size;
	uint8_t kind;
	uint8_t result; /* enum unwind_result */
	uint8_t has_context;
	uint8_t n_kernel; /* of n_frames, the first ones: addresses in the kernel */
	uint8_t trace_id[16], span_id[8];
	uint64_t data[]; /* n_frames addresses, leaf first; then the attributes' bytes */
};

/* Longest record, in words. */
#define SIG_SAMPLE_WORDS_MAX (sizeof(struct sig_sample) / 8 + SIG_SAMPLE_FRAMES_MAX + (612 + 7) / 8)

/* Room for one. */
union sig_sample_room {
	struct sig_sample sample;
	uint64_t words[SIG_SAMPLE_WORDS_MAX];
};

/* A hook's place in its caller. */
struct sig_sample_place {
	uint64_t leaf;   /* an address in the function that the program called: the leaf */
	uint64_t caller; /* where that returns to */
};

/* The interrupted thread's, with what the kernel did for it; or with `place` the calling one's:
 * `walk.walk.regs` are then found here and the frames below the place are left out. Fills all but
 * values, tid and kind. */
struct sig_sample_request {
	struct sig_walk walk; /* registers and stack bounds; tables are set here */
	const struct sig_tables *tables;
	const struct sig_sample_place *place; /* NULL = in a handler */
	const uint64_t *kernel; /* in a handler: the kernel's frames, leaf first … */
	uint8_t n_kernel;       /* … so many */
};

/* Returns the words that the record has. `sample` has room for SIG_SAMPLE_WORDS_MAX. */
size_t sig_sample_fill(struct sig_sample *sample, struct sig_sample_request *request);

/* The same into a ring, with `values`, `tid` and `kind` of `head`. False if it is full. */
int sig_sample_put(
	struct sig_ring *ring, const struct sig_sample *head, struct sig_sample_request *request);

#endif
