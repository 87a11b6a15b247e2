/*
 * lexica: the dictionaries in use: read when they are asked for, let go when memory is short.
 *
 * What a dictionary gains is written together with the samples that need it (lexica_save), never
 * apart from them. Only one thread may save.
 */
#ifndef STORE_LEXICA_H
#define STORE_LEXICA_H

#include <pthread.h>

#include "model/strings.h"
#include "store/dictionary_write.h"
#include "store/rocks.h"

struct lexicon {
	struct store_dictionary *dictionary; /* owned; NULL: not in memory */
	struct dictionary_mark saved, saving;
	uint32_t n_deltas;
	uint32_t key; /* in lexica->keys */
	bool is_saving;
	uint64_t used; /* the larger, the later */
};

struct lexica {
	pthread_mutex_t lock;
	struct strings keys; /* number i is that of at[i - 1] */
	struct lexicon **at; /* owned */
	size_t n, cap;
	size_t bytes, bytes_max; /* at the last count, and loaded since */
	uint64_t clock, n_loads;
};

struct lexica_name {
	struct view tenant, service;
	uint32_t week;
};

/* The key of its deltas, without their number. */
void lexica_key(const struct lexica_name *name, struct buf *out);

void lexica_init(struct lexica *lexica, size_t bytes_max);
void lexica_fini(struct lexica *lexica);

/* *ret is a reference of the caller's; *ret_lexicon stays. */
int lexica_get(struct lexica *lexica, struct rocks *rocks, const struct lexica_name *name,
	struct lexicon **ret, struct err *err);

/* Puts what is new in the dictionary into the batch; once in a batch. */
int lexica_save(struct lexica *lexica, struct rocks *rocks, struct lexicon *lexicon,
	rocksdb_writebatch_t *batch, struct err *err);

/* The batch was written, or not. */
void lexica_saved(struct lexica *lexica, bool is_written);

/* Forgets what is in memory; all of it, or what is over bytes_max and not in use. */
void lexica_forget(struct lexica *lexica);
size_t lexica_trim(struct lexica *lexica); /* returns how much is left */

/* Deletes the dictionaries of a week; `tenant` NULL = of all. Nobody may hold a lexicon; who holds
 * a dictionary may go on. */
void lexica_drop(struct lexica *lexica, struct rocks *rocks, uint32_t week,
	const struct view *tenant, rocksdb_writebatch_t *batch);

#endif
