/*
 * strata: the files of a store laid over one another: of each key what was written last, as far as
 * that can be read.
 *
 * RocksDB gives up a table, or all of them, for one damaged block. Here each block is read for
 * itself, from the tables and the logs alone, and the entries are put in order by their numbers.
 * Where a damaged block had the latest word on a key, the one before it is heard again.
 */
#ifndef STORE_STRATA_H
#define STORE_STRATA_H

#include "store/rocks.h"
#include "store/sstfile.h"
#include "store/walfile.h"

struct strata_table {
	struct sstfile file;
	bool is_open; /* else it could not be read at all */
};

struct strata_entry { /* of a log; its texts are owned by strata->texts */
	struct stored of;
	size_t key_at, value_at;
};

struct strata_range { /* of deleted keys */
	uint32_t family;
	char *from, *to; /* owned, one piece of memory */
	size_t from_len, to_len;
	uint64_t number;
};

struct strata {
	char *path;                  /* owned */
	struct strata_table *tables; /* owned */
	size_t n_tables, cap_tables;
	struct strata_entry *logged; /* owned; by family, key, the later first */
	size_t n_logged, cap_logged;
	struct buf texts;
	struct strata_range *ranges; /* owned */
	size_t n_ranges, cap_ranges;
	size_t n_logs;
	uint64_t bytes;

	/* Each damage, once: a file's name and a sentence about it. */
	void (*damage)(void *owner, const char *file, const char *sentence);
	void *owner;
	struct err failed;
};

/* Set `damage` and `owner` before. Without a list of tables (NULL) every table of the folder
 * counts. Finish with strata_close, also after an error. */
int strata_open(struct strata *strata, const char *path, const struct rocks_table *live, size_t n,
	struct err *err);
void strata_close(struct strata *strata);

/* The family's keys in order, each with its last value; what is deleted is left out. */
int strata_walk(struct strata *strata, enum rocks_family family,
	int (*each)(void *owner, struct view key, struct view value), void *owner, struct err *err);

#endif
