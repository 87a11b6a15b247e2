/*
 * vault: backups of a store, in a folder of their own: what several have in common is there once.
 *
 * Each file is copied with its checksum, which is held against it when it comes back.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct vault_backup {
	uint32_t id;
	int64_t time_s;
	uint64_t bytes; /* of it, shared or not */
	uint32_t n_files;
};

/* The store as it is; a server that has it goes on meanwhile. Keeps the newest `keep` backups, 0 =
 * all. */
int vault_add(const char *store, const char *vault, uint32_t keep, struct vault_backup *ret,
	struct err *err);

/* The backups there are, the oldest first; *ret is owned by the caller. ERR_UNSUPPORTED: a newer
 * Flyover made them. */
int vault_list(const char *vault, struct vault_backup **ret, size_t *ret_n, struct err *err);

/* Into a folder that is not there, or empty; 0 = the newest. It is there whole, or not at all. */
int vault_restore(const char *vault, uint32_t id, const char *store, struct vault_backup *ret,
	struct err *err);

#endif
