/* shelf_impl: what the files of the shelf share. */
#ifndef DEBUGINFO_SHELF_IMPL_H
#define DEBUGINFO_SHELF_IMPL_H

#include <limits.h>
#include <pthread.h>

#include "debuginfo/shelf.h"

struct shelf_entry {
	char *tenant, *build_id; /* owned; the second in the memory of the first */
	uint64_t key;            /* a hash of both */
	enum shelf_kind kind;
	uint64_t bytes;
	int64_t added_s;
	int64_t used_ns;  /* since 1970; of what was never used, when it came */
	int64_t saved_ns; /* what its access time says */
	bool was_used;
};

struct shelf_coming {
	char *path; /* owned */
	uint64_t bytes;
	int64_t touched_s;
};

struct shelf {
	char *folder; /* owned */
	uint64_t bytes_max, file_max;
	pthread_mutex_t writing;     /* who adds to files; taken before `lock` */
	pthread_mutex_t lock;        /* of all below */
	struct shelf_entry *entries; /* owned */
	size_t n, cap;
	struct shelf_coming coming[SHELF_COMING_MAX];
	size_t n_coming;
	uint64_t bytes, coming_bytes, evicted;
};

/* FOLDER/t-TENANT, FOLDER/t-TENANT/BUILD_ID.KIND; ERR_USAGE if it is too long. */
int shelf_folder_path(const struct shelf *shelf, struct view tenant, char ret[PATH_MAX]);
int shelf_path(const struct shelf *shelf, const struct shelf_entry *entry, char ret[PATH_MAX]);

/* All under the lock. */
struct shelf_entry *shelf_entry_find(
	struct shelf *shelf, struct view tenant, struct view build_id, enum shelf_kind kind);
/* Instead of what was there of that kind. `like` has all but the texts and the key. */
int shelf_entry_add(struct shelf *shelf, struct view tenant, struct view build_id,
	const struct shelf_entry *like, struct err *err);

void shelf_entry_drop(struct shelf *shelf, struct shelf_entry *entry); /* with its file */

/* Removes what was used longest ago until so many more bytes fit; ERR_LIMIT if they cannot. */
int shelf_make_room(struct shelf *shelf, uint64_t bytes, struct err *err);

int64_t shelf_now_ns(void);

#endif
