/* pprof_paths: the stacks of the samples, put into one tree while their bytes go by. */
#include "codec/pprof_paths.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define PIECE ((size_t)16) /* bytes */
#define TOPS 0x8080808080808080ULL
#define MEMO_BITS_MIN 6
#define MEMO_BITS_MAX 13 /* a quarter of a megabyte: what stays near a core */

bool pprof_paths_init(struct pprof_paths *paths, struct stacks *tree, size_t samples)
{
	paths->tree = tree;
	paths->n = paths->n_frames = 0;
	paths->edges[0] = 0;
	paths->memo_bits = MEMO_BITS_MIN;
	while (paths->memo_bits < MEMO_BITS_MAX && (size_t)1 << paths->memo_bits < samples)
		paths->memo_bits++;
	paths->memo = calloc((size_t)1 << paths->memo_bits, sizeof(*paths->memo));
	return paths->memo;
}

void pprof_paths_fini(struct pprof_paths *paths)
{
	free(paths->memo);
	free(paths->frames);
	paths->memo = NULL;
	paths->frames = NULL;
}

/* How many bytes of the word end a number. */
static unsigned count_ends(uint64_t word)
{
	return (unsigned)(((~word & TOPS) >> 7) * 0x0101010101010101ULL >> 56);
}

/* The last piece of the run, of whole numbers. False if there are too few bytes, or no end of a
 * number among the first eight. */
static bool cut(struct view run, uint32_t from, struct pprof_piece *ret)
{
	const char *at = view_end(run) - PIECE;
	uint64_t low, high;
	unsigned skip = 0;

	if (run.len < PIECE)
		return false;
	memcpy(&low, at, 8);
	memcpy(&high, at + 8, 8);
	low = le64toh(low);
	high = le64toh(high);
	if (run.len > PIECE && at[-1] & 0x80) {
		uint64_t ends = ~low & TOPS >> 8;

		if (ends == 0)
			return false;
		skip = (unsigned)__builtin_ctzll(ends) / 8 + 1;
		low &= ~0ULL << 8 * skip;
	}
	*ret = (struct pprof_piece){ .bytes = { low, high },
		.from = from,
		.len = (uint16_t)(PIECE - skip),
		.n_frames = (uint16_t)(count_ends(low) - skip + count_ends(high)) };
	return true;
}

static struct pprof_step *step_of(const struct pprof_paths *paths, const struct pprof_piece *piece)
{
	uint64_t hash = (piece->bytes[0] ^ (uint64_t)piece->from << 32 ^ piece->from) *
			0x9e3779b97f4a7c15ULL;

	hash = (hash ^ hash >> 32 ^ piece->bytes[1]) * 0xd1342543de82ef95ULL;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15ULL;
	return &paths->memo[hash >> (64 - paths->memo_bits)];
}

static bool same(const struct pprof_piece *a, const struct pprof_piece *b)
{
	return a->bytes[0] == b->bytes[0] && a->bytes[1] == b->bytes[1] && a->from == b->from &&
	       a->len == b->len;
}

struct view pprof_paths_follow(struct pprof_paths *paths, struct view run)
{
	uint32_t stack = STACK_EMPTY;
	struct pprof_piece piece;

	while (cut(run, stack, &piece)) {
		const struct pprof_step *step = step_of(paths, &piece);

		if (!same(&step->piece, &piece)) {
			paths->unknown[paths->n] = piece;
			break;
		}
		stack = step->to;
		run.len -= piece.len;
		paths->n_known += piece.n_frames;
	}
	paths->stacks[paths->n] = stack;
	__builtin_prefetch(&paths->tree->nodes[stack + 1]);
	return run;
}

bool pprof_paths_unfold(struct pprof_paths *paths)
{
	const struct stack_node *nodes = paths->tree->nodes;
	uint32_t stack = paths->stacks[paths->n];

	if (!VEC_FITS(paths->frames, paths->cap_frames, paths->n_frames + paths->n_known))
		return false;
	for (; stack != STACK_EMPTY; stack = nodes[stack].parent)
		paths->frames[paths->n_frames++] = nodes[stack].location;
	pprof_paths_begin(paths);
	return true;
}

/* Remembers the pieces that some earlier batch had, too: they will come again. Pieces of leaves
 * mostly don't. */
static void learn(struct pprof_paths *paths, const uint32_t *stacks, size_t nodes_before)
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct pprof_piece *piece = &paths->unknown[i];
		uint32_t left = paths->edges[i + 1] - paths->edges[i], node = stacks[i];

		if (piece->len == 0)
			continue;
		for (; left > piece->n_frames; left--)
			node = paths->tree->nodes[node].parent;
		if (node < nodes_before)
			*step_of(paths, piece) = (struct pprof_step){ *piece, node };
	}
}

bool pprof_paths_flush(struct pprof_paths *paths, uint32_t *ret)
{
	size_t nodes_before = paths->tree->count;

	memcpy(ret, paths->stacks, paths->n * sizeof(*ret));
	if (!stacks_push_many(paths->tree, paths->frames, paths->edges, paths->n, ret))
		return false;
	learn(paths, ret, nodes_before);
	paths->n = paths->n_frames = 0;
	return true;
}
