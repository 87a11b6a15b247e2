/*
 * jfr_stacks: the stacks of a recording in a profile of one kind.
 */
#ifndef CODEC_JFR_STACKS_H
#define CODEC_JFR_STACKS_H

#include "codec/jfr_chunk.h"
#include "model/profile.h"

struct jfr_stacks {
	struct jfr_chunk *chunk; /* numbers are its own */
	struct profile *into;
	struct map stacks; /* number -> the profile's */
	struct map places; /* method and line -> location */
	struct buf name;
	uint32_t *path; /* owned */
	size_t cap_path;
	size_t frames_left; /* that may still be made */
};

/* From now on numbers are those of this chunk. */
void jfr_stacks_begin(struct jfr_stacks *stacks, struct jfr_chunk *chunk);
void jfr_stacks_fini(struct jfr_stacks *stacks);

/* The stack of a number, STACK_EMPTY if there is none. ERR_LIMIT, ERR_NOMEM. */
int jfr_stacks_find(struct jfr_stacks *stacks, uint64_t number, uint32_t *ret, struct err *err);

/* "java/util/HashMap" and "put" as "java.util.HashMap.put". What is different in each run of a
 * program, such as the number of a lambda's class, is left out. */
void jfr_stacks_name(struct view class, struct view method, struct buf *out);

#endif
