/*
 * budget: how long something may take and how much memory, and whether anybody still wants it.
 *
 * What works for somebody else asks now and then whether to go on, and says what it takes before it
 * takes it. The first limit that is met stays: everything after it is refused with the same
 * sentence. One thread at a time; the pool is for all.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct budget_pool {                        /* what all have together */
	size_t bytes_max, bytes_of_one_max; /* 0 = no limit */
	uint64_t time_ns;                   /* of one; 0 = no limit */
	/* What the limits are called, for the sentences. */
	const char *bytes_setting, *bytes_of_one_setting, *time_setting;
	atomic_size_t bytes; /* taken now */
	atomic_uint_fast64_t n_late, n_large,
		n_left; /* that met a limit, or whom nobody waited for */
};

struct budget {
	struct budget_pool *pool;         /* NULL = no limits */
	uint64_t begin_ns;                /* monotonic */
	uint64_t end_ns;                  /* sooner than the pool's time would end it; 0 = not */
	bool (*is_unwanted)(void *owner); /* NULL = always wanted */
	void *owner;

	struct err failure;          /* the limit that was met; code 0 = none */
	size_t bytes, bytes_of_pool; /* private, as is what follows */
	uint64_t looked_ns;
};

/* For something else than an answer, of the pool itself: false when it does not have it now. What
 * is claimed is there once answers have given back so much; no new ones take it meanwhile. */
bool budget_lend(struct budget_pool *pool, size_t bytes);
void budget_claim(struct budget_pool *pool, size_t bytes);
bool budget_is_within(struct budget_pool *pool);
void budget_return(struct budget_pool *pool, size_t bytes);

/* All functions below: `budget` may be NULL: nothing is limited then. */

/* Gives back all that was taken. */
void budget_fini(struct budget *budget);

/* 0 to go on. ERR_LATE or ERR_CANCELLED, or the failure that there was. */
int budget_check(struct budget *budget, struct err *err);

/* False past a limit; the failure says which. */
bool budget_take(struct budget *budget, size_t bytes);
void budget_give(struct budget *budget, size_t bytes);

/* For who got no memory: the failure, or "out of memory". Returns its code. */
int budget_error(const struct budget *budget, struct err *err);

#endif
