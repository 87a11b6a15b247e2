/* test_symcache: function tables come back from disk, or not at all. */
#include "programs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "symbol/symcache.h"

static struct symtab *table_of(const char *name)
{
	struct symtab_row row = { .start = 0x1000, .size = 0x10 };
	struct symtab *table;

	assert_int_equal(
		symtab_from_rows(&row, 1, (struct view){ name, strlen(name) + 1 }, &table, NULL),
		0);
	return table;
}

static struct symcache *open_cache(uint64_t bytes_max)
{
	struct symcache *cache;
	struct err err = { 0 };

	if (symcache_open("cache/flyover", bytes_max, &cache, &err) < 0)
		fail_msg("%s", err.text);
	return cache;
}

static void store(struct symcache *cache, const char *key, const char *name)
{
	struct symtab *table = table_of(name);

	assert_int_equal(symcache_store(cache, key, table, NULL), 0);
	symtab_unref(table);
}

static bool is_there(struct symcache *cache, const char *key, const char *name)
{
	struct symtab *table;
	int rc = symcache_load(cache, key, &table, NULL);

	if (rc < 0) {
		assert_int_equal(rc, ERR_NOT_FOUND);
		return false;
	}
	assert_view_equal(symtab_name(table, symtab_find(table, 0x100f)), name);
	symtab_unref(table);
	return true;
}

static void a_table_comes_back_as_it_was(void **state)
{
	struct symcache *cache = open_cache(0);

	assert_false(is_there(cache, "abc-1", "work"));
	store(cache, "abc-1", "work");
	symcache_free(cache);
	cache = open_cache(0);
	assert_true(is_there(cache, "abc-1", "work"));
	assert_false(is_there(cache, "abc-2", "work"));
	symcache_free(cache);
}

static void the_folder_is_for_this_user_only(void **state)
{
	struct symcache *cache = open_cache(0);
	struct stat st;

	assert_int_equal(stat("cache/flyover", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	symcache_free(cache);
	assert_int_equal(chmod("cache/flyover", 0777), 0);
	assert_int_equal(symcache_open("cache/flyover", 0, &cache, NULL), ERR_DENIED);
	assert_int_equal(rmdir("cache/flyover"), 0);
	assert_int_equal(symlink("/tmp", "cache/flyover"), 0);
	assert_int_equal(symcache_open("cache/flyover", 0, &cache, NULL), ERR_DENIED);
}

static int decode(struct view bytes, const char *key, struct symtab **ret)
{
	BUF_AUTO copy = { 0 };

	buf_add_view(&copy, bytes);
	return symcache_decode(&copy, view_of(key), ret, NULL);
}

static void any_changed_byte_is_a_miss(void **state)
{
	struct symtab *table = table_of("work"), *back;
	BUF_AUTO bytes = { 0 };

	symcache_encode(table, VIEW("key"), &bytes);
	symtab_unref(table);
	assert_int_equal(decode(buf_view(&bytes), "key", &back), 0);
	symtab_unref(back);
	assert_int_equal(decode(buf_view(&bytes), "other", &back), ERR_NOT_FOUND);
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.at[i] ^= 1;
		assert_int_equal(decode(buf_view(&bytes), "key", &back), ERR_NOT_FOUND);
		bytes.at[i] ^= 1;
	}
	for (size_t len = 0; len < bytes.len; len++)
		assert_int_equal(
			decode((struct view){ bytes.at, len }, "key", &back), ERR_NOT_FOUND);
}

static void what_was_not_used_longest_goes_first(void **state)
{
	struct symcache *cache = open_cache(200);
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

	store(cache, "a", "one");
	store(cache, "b", "two");
	store(cache, "c", "three");
	assert_int_equal(utimensat(AT_FDCWD, "cache/flyover/a.sym", old, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, "cache/flyover/b.sym", old, 0), 0);
	assert_true(is_there(cache, "a", "one"));
	symcache_trim(cache);
	assert_true(is_there(cache, "a", "one"));
	assert_true(is_there(cache, "c", "three"));
	assert_int_equal(access("cache/flyover/b.sym", F_OK), 0);
	symcache_free(cache);
	cache = open_cache(150);
	assert_int_equal(utimensat(AT_FDCWD, "cache/flyover/b.sym", old, 0), 0);
	symcache_trim(cache);
	assert_int_equal(access("cache/flyover/b.sym", F_OK), 0); /* nothing came since */
	store(cache, "c", "three");
	symcache_trim(cache);
	assert_false(is_there(cache, "b", "two"));
	assert_true(is_there(cache, "a", "one"));
	symcache_free(cache);
}

static void a_full_disk_leaves_no_file(void **state)
{
	struct symcache *cache = open_cache(0);
	struct symtab *table = table_of("work");
	struct dirent *entry;
	DIR *folder;

	disk_fail_after(DISK_WRITE, 1, ENOSPC);
	assert_int_equal(symcache_store(cache, "k", table, NULL), ERR_IO);
	disk_fail_after(DISK_WRITE, 0, 0);
	folder = opendir("cache/flyover");
	while ((entry = readdir(folder)))
		assert_int_equal(entry->d_name[0], '.');
	closedir(folder);
	symtab_unref(table);
	symcache_free(cache);
}

static void a_key_is_no_path(void **state)
{
	struct symcache *cache = open_cache(0);
	struct symtab *table = table_of("work");

	assert_int_equal(symcache_store(cache, "../evil", table, NULL), ERR_USAGE);
	assert_int_equal(symcache_store(cache, "", table, NULL), ERR_USAGE);
	symtab_unref(table);
	symcache_free(cache);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_table_comes_back_as_it_was),
		TEST(the_folder_is_for_this_user_only),
		TEST(any_changed_byte_is_a_miss),
		TEST(what_was_not_used_longest_goes_first),
		TEST(a_full_disk_leaves_no_file),
		TEST(a_key_is_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
