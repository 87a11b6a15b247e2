/* damaged: a store with some profiles, closed, and bytes of its files changed. */
#ifndef DAMAGED_H
#define DAMAGED_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "store/depot_of.h"

#define DAMAGED_PROFILES 40

/* Some days of one service, folded and rolled up, and a few rows. */
static inline void damaged_make(char *folder)
{
	struct depot *depot;

	folder_make(folder);
	depot = depot_of(folder);
	for (int64_t n = 0; n < DAMAGED_PROFILES; n++) {
		if (n == DAMAGED_PROFILES - 4)
			assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
		assert_int_equal(conformance_put(&depot->store, "p1", n * 700, n), 0);
	}
	store_close(&depot->store);
}

/* The largest file whose name ends so; `path` has 300 bytes. */
static inline int64_t damaged_find(const char *folder, const char *end, char *path)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int64_t largest = -1;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char at[600];
		struct stat st;

		snprintf(at, sizeof(at), "%s/%s", folder, entry->d_name);
		if (!view_ends(view_of(at), view_of(end)) || stat(at, &st) < 0 ||
			st.st_size <= largest)
			continue;
		largest = st.st_size;
		memcpy(path, at, 300);
	}
	closedir(dir);
	return largest;
}

static inline void damaged_flip(const char *path, int64_t at)
{
	int fd = open(path, O_RDWR);
	char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static inline int damaged_count_part(void *owner, const struct store_part *part)
{
	*(uint32_t *)owner += part->n_profiles;
	return 0;
}

/* How many profiles the store has, when it is opened. */
static inline uint32_t damaged_count(const char *folder)
{
	struct store_select select = {
		.type = { VIEW("cpu"), VIEW("samples"), VIEW("count"), VIEW(""), VIEW("") },
		.to_ns = INT64_MAX / 2,
	};
	uint32_t n = 0;
	struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = damaged_count_part, .owner = &n
	};
	struct depot *depot = depot_of(folder);

	assert_int_equal(store_scan(&depot->store, &scan, NULL), 0);
	store_close(&depot->store);
	return n;
}

#endif
