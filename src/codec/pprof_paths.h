/*
 * pprof_paths: the stacks of the samples, put into one tree while their bytes go by.
 *
 * The stacks of a profile share most of their frames from the root on, and a run of packed ids has
 * the root's last. So a run is read from its end, in pieces of up to 16 bytes, with a memo of where
 * a piece leads from a node. Only what lies before the first unknown piece is unpacked and pushed:
 *
 *     leaf … unpacked, pushed … | known | known | known: root
 *
 * The memo forgets: it is a help of one size, and the tree alone says what there is.
 */
#ifndef CODEC_PPROF_PATHS_H
#define CODEC_PPROF_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"
#include "model/stacks.h"

#define PPROF_PATHS_BATCH 64

/* Packed ids, and the stack that their frames are pushed on. */
struct pprof_piece {
	uint64_t bytes[2]; /* behind zeros if there are fewer than 16 */
	uint32_t from;
	uint16_t len, n_frames; /* bytes and ids; 0 = no piece */
};

struct pprof_step {
	struct pprof_piece piece;
	uint32_t to;
};

/* The stacks that are not yet in the tree wait in `frames`, a batch of them; the last one is being
 * read: it is frames[edges[n]] to the end, leaf first, on top of `stacks[n]`. */
struct pprof_paths {
	struct stacks *tree;
	struct pprof_step *memo; /* owned */
	unsigned memo_bits;
	uint32_t *frames; /* owned; places of locations */
	size_t n_frames, cap_frames;
	size_t n_known; /* frames of the one being read that the memo spared */
	size_t n;
	uint32_t edges[PPROF_PATHS_BATCH + 1];
	uint32_t stacks[PPROF_PATHS_BATCH];
	struct pprof_piece unknown[PPROF_PATHS_BATCH];
};

/* `samples`: about how many there will be. False without memory. */
bool pprof_paths_init(struct pprof_paths *paths, struct stacks *tree, size_t samples);
void pprof_paths_fini(struct pprof_paths *paths);

/* Begins the next stack. */
static inline void pprof_paths_begin(struct pprof_paths *paths)
{
	paths->stacks[paths->n] = STACK_EMPTY;
	paths->unknown[paths->n].len = 0;
	paths->n_known = 0;
}

/* How many frames the stack has so far. */
static inline size_t pprof_paths_depth(const struct pprof_paths *paths)
{
	return paths->n_frames - paths->edges[paths->n] + paths->n_known;
}

/* Goes down what is known of the first run of a stack. Returns what is left to be unpacked. */
struct view pprof_paths_follow(struct pprof_paths *paths, struct view run);

/* More frames come behind a run that was followed: takes what was spared as frames. False without
 * memory. */
bool pprof_paths_unfold(struct pprof_paths *paths);

/* Pushes the batch; ret[0] to ret[paths->n - 1] name its stacks. False without memory. */
bool pprof_paths_flush(struct pprof_paths *paths, uint32_t *ret);

#endif
