/* plain_space: memory for unwind tables where there is no BPF. */
#ifndef SAMPLER_PLAIN_SPACE_H
#define SAMPLER_PLAIN_SPACE_H

#include "base/err.h"
#include "unwind/unwind_space.h"

struct plain_space {
	struct unwind_row *shards[UNWIND_SHARDS_MAX]; /* owned */
	struct unwind_page *pages;                    /* owned */
	struct unwind_rule *rules;                    /* owned */
};

/* A zeroed struct plain_space is a closed one. */
int plain_space_open(struct plain_space *space, struct err *err);
void plain_space_close(struct plain_space *space);

struct unwind_space_memory plain_space_memory(struct plain_space *space);

#endif
