/* test_strata: files read without RocksDB say what RocksDB says; what is damaged is named, and the
 * rest of it read. */
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>

#include "store/opened.h"
#include "store/strata.h"

#define KEYS 4000

static char folder[64];

static size_t fill_value(char *into, int n, int round)
{
	size_t len = (size_t)(20 + (n * 37 + round * 11) % 300);

	for (size_t i = 0; i < len; i++)
		into[i] = (char)((n * 131 + round * 17 + (int)i * 7) >> 2);
	return len;
}

static void put(struct rocks *rocks, enum rocks_family family, int n, int round)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	char key[16], value[400];

	snprintf(key, sizeof(key), "k%06d", n);
	rocks_put(rocks, batch, family, view_of(key),
		(struct view){ value, fill_value(value, n, round) });
	assert_int_equal(rocks_write(rocks, batch, false, NULL), 0);
}

static void drop(struct rocks *rocks, enum rocks_family family, int from, int to)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	char first[16], end[16];

	snprintf(first, sizeof(first), "k%06d", from);
	snprintf(end, sizeof(end), "k%06d", to);
	if (to == from + 1)
		rocks_delete(rocks, batch, family, view_of(first));
	else
		rocks_delete_range(rocks, batch, family, view_of(first), view_of(end));
	assert_int_equal(rocks_write(rocks, batch, false, NULL), 0);
}

/* Several tables over one another, deleted keys and ranges, and a log. */
static void fill(struct rocks *rocks)
{
	for (int round = 0; round < 4; round++) {
		for (int n = round; n < KEYS; n += 1 + round)
			put(rocks, ROCKS_SAMPLES, n, round);
		for (int n = 0; n < KEYS; n += 3)
			put(rocks, ROCKS_DICTIONARY, n, round);
		for (int n = 0; n < 50; n++)
			drop(rocks, ROCKS_SAMPLES, n * 31 + round, n * 31 + round + 1);
		drop(rocks, ROCKS_SAMPLES, 500 * round + 7, 500 * round + 190);
		if (round < 3)
			assert_int_equal(rocks_flush(rocks, NULL), 0);
		if (round == 1)
			rocks_compact(rocks, ROCKS_SAMPLES, VIEW("a"), VIEW("z"));
	}
}

struct seen {
	struct rocks_walk *oracle;
	size_t n, n_missing, n_damages;
	char told[4096];
};

static void damage(void *owner, const char *file, const char *sentence)
{
	struct seen *seen = owner;
	size_t len = strlen(seen->told);

	seen->n_damages++;
	snprintf(seen->told + len, sizeof(seen->told) - len, "%s: %s\n", file, sentence);
}

/* All that RocksDB has, but for `n_missing` keys that were lost. */
static int compare(void *owner, struct view key, struct view value)
{
	struct seen *seen = owner;

	seen->n++;
	while (rocks_walk_next(seen->oracle)) {
		if (view_equal(seen->oracle->key, key)) {
			assert_true(view_equal(seen->oracle->value, value));
			return 0;
		}
		seen->n_missing++;
	}
	fail_msg("a key that RocksDB does not have");
	return -1;
}

static int ignore(void *owner, struct view key, struct view value)
{
	((struct seen *)owner)->n++;
	return 0;
}

static void walk_beside(
	struct rocks *rocks, struct strata *strata, enum rocks_family family, struct seen *seen)
{
	struct rocks_range range = { .family = family };
	struct rocks_walk walk;

	rocks_walk_init(&walk, rocks, &range);
	seen->oracle = &walk;
	seen->n = seen->n_missing = 0;
	assert_int_equal(strata_walk(strata, family, compare, seen, NULL), 0);
	while (rocks_walk_next(&walk))
		seen->n_missing++;
	assert_int_equal(rocks_walk_check(&walk, NULL), 0);
	rocks_walk_fini(&walk);
}

static void copy_folder(const char *to)
{
	char command[200];

	snprintf(command, sizeof(command), "cp -r %s %s", folder, to);
	assert_int_equal(system(command), 0);
}

static void it_reads_what_rocksdb_reads(void **state)
{
	struct seen seen = { 0 };
	struct strata strata = { .damage = damage, .owner = &seen };
	struct rocks rocks;

	opened_begin(&rocks, folder);
	fill(&rocks);
	assert_int_equal(strata_open(&strata, folder, NULL, 0, NULL), 0);
	assert_true(strata.n_tables >= 4 && strata.n_logs >= 1 && strata.n_ranges >= 2);
	walk_beside(&rocks, &strata, ROCKS_SAMPLES, &seen);
	assert_true(seen.n > 2500 && seen.n_missing == 0);
	walk_beside(&rocks, &strata, ROCKS_DICTIONARY, &seen);
	assert_true(seen.n > 1300 && seen.n_missing == 0);
	if (seen.n_damages)
		fail_msg("%s", seen.told);
	strata_close(&strata);
	opened_end(&rocks, folder);
}

static size_t flip(const char *path, size_t at)
{
	int fd = open(path, O_RDWR);
	char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
	return at;
}

/* Any byte of any table: what is lost is at most a block of it, unless it was the index or the end.
 */
static void a_flipped_byte_costs_a_block(void **state)
{
	char copy[80], path[400];
	struct rocks rocks;
	DIR *dir;
	struct dirent *entry;
	size_t n_flips = 0, n_told = 0;

	opened_begin(&rocks, folder);
	fill(&rocks);
	snprintf(copy, sizeof(copy), "%s-copy", folder);
	copy_folder(copy);
	dir = opendir(copy);
	while ((entry = readdir(dir))) {
		int64_t size;
		int fd;

		if (!view_ends(view_of(entry->d_name), VIEW(".sst")))
			continue;
		snprintf(path, sizeof(path), "%s/%s", copy, entry->d_name);
		fd = open(path, O_RDONLY);
		size = lseek(fd, 0, SEEK_END);
		close(fd);
		for (int64_t at = 5; at < size; at += size / 12) {
			struct seen seen = { 0 };
			struct strata strata = { .damage = damage, .owner = &seen };

			flip(path, (size_t)at);
			assert_int_equal(strata_open(&strata, copy, NULL, 0, NULL), 0);
			for (int f = 0; f < ROCKS_FAMILIES; f++)
				assert_int_equal(strata_walk(&strata, (enum rocks_family)f, ignore,
							 &seen, NULL),
					0);
			strata_close(&strata);
			n_flips++;
			n_told += strstr(seen.told, entry->d_name) != NULL;
			flip(path, (size_t)at);
		}
	}
	closedir(dir);
	assert_true(n_flips > 30);
	assert_int_equal(n_told, n_flips);
	folder_remove(copy);
	opened_end(&rocks, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_what_rocksdb_reads),
		cmocka_unit_test(a_flipped_byte_costs_a_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
