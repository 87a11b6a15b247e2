/*
 * own_profile: a profile of this process in the making: stacks of its own addresses, labels of its
 * own threads. Every kind of capture ends in one.
 *
 * Addresses become (file, file address) as they come, because what is mapped may be gone when the
 * profile is written; names are looked up at the end.
 */
#ifndef INPROC_OWN_PROFILE_H
#define INPROC_OWN_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "model/accounting.h"
#include "model/profile.h"

struct own_file;
struct own_space;
struct sig_sample;

struct own_profile {
	struct profile *profile;   /* owned */
	struct own_space *space;   /* borrowed */
	struct own_file **file_of; /* owned; of each mapping, NULL where there is none */
	size_t n_file_of, cap_file_of;
	struct map location_of; /* address -> location + 1, for one generation */
	uint32_t generation;
	uint32_t jit_mapping, kernel_mapping;  /* 0 = not met yet */
	bool kernel;                           /* keep the kernel's frames of records */
	uint32_t truncated[TRUNCATED_REASONS]; /* locations + 1 */
};

/* A label that a kind of profile gives its samples. */
struct own_profile_extra {
	struct view key, value; /* a value of no bytes is left out */
};

/* What a thread was working on; trace_id NULL = nothing known. `attrs` as in sig_context. */
struct own_profile_context {
	const uint8_t *trace_id, *span_id;
	const uint8_t *attrs;
	size_t attrs_size;
	const struct own_profile_extra *extra; /* these win over all */
	size_t n_extra;
};

/* Of a record. */
struct own_profile_context own_profile_context_of(const struct sig_sample *sample);
uint32_t own_profile_stack_of(struct own_profile *own, const struct sig_sample *sample);

int own_profile_init(struct own_profile *own, struct own_space *space, struct err *err);
void own_profile_fini(struct own_profile *own);

/* The stack of n addresses, leaf first, each inside its instruction or call. `truncated` is an enum
 * truncated_reason, or -1 if the last one is the thread's first frame. */
uint32_t own_profile_stack(struct own_profile *own, uint32_t generation, const uint64_t *addresses,
	size_t n, int truncated);

/* The labels of the process, then those of the context; the latter win. */
uint32_t own_profile_labels(struct own_profile *own, const struct own_profile_context *context);

/* Where a record belongs: `truncated` as in own_profile_stack. False without memory. */
struct own_profile_place {
	uint32_t stack, labels;
	int truncated;
};

bool own_profile_place(struct own_profile *own, const struct sig_sample *sample, bool with_context,
	struct own_profile_place *ret);

/* Adds a record with these values, and `weight` to whichever count of the accounting it falls
 * under. */
void own_profile_add(struct own_profile *own, const struct sig_sample *sample,
	const int64_t *values, uint64_t weight, struct accounting *accounting);

/* Gives every location its name. Reads the symbol tables of the files that occur, and nothing else:
 * no child process, no debug information, no network. */
int own_profile_name(struct own_profile *own, struct err *err);

#endif
