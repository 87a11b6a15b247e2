/* test_walfile: a log's entries, and where it is damaged: in the middle, or at its end. */
#include "testing.h"

#include "base/disk.h"
#include "store/damaged.h"
#include "store/opened.h"
#include "store/walfile.h"

static char folder[64], path[300];
static struct buf whole;

/* A log with 60 batches, one of them longer than a block of it. */
static int start(void **state)
{
	struct rocks rocks;

	opened_begin(&rocks, folder);
	for (int i = 0; i < 60; i++) {
		rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
		BUF_AUTO value = { 0 };
		char key[16];

		snprintf(key, sizeof(key), "key %d", i);
		for (int k = 0; k < (i == 30 ? 20000 : 300); k++)
			buf_add_format(&value, "%d,", i * k);
		rocks_put(&rocks, batch, ROCKS_ROWS, view_of(key), buf_view(&value));
		rocks_delete(&rocks, batch, ROCKS_INDEX, VIEW("gone"));
		assert_int_equal(rocks_write(&rocks, batch, true, NULL), 0);
	}
	assert_true(damaged_find(folder, ".log", path) > 100000);
	assert_int_equal(disk_read(path, SIZE_MAX, &whole, NULL), 0);
	opened_end(&rocks, folder);
	return 0;
}

static int stop(void **state)
{
	buf_fini(&whole);
	return 0;
}

struct seen {
	unsigned n_values, n_deleted;
};

static int see(void *owner, const struct stored *entry)
{
	struct seen *seen = owner;
	char key[16];

	if (entry->kind == STORED_DELETED) {
		assert_int_equal(entry->family, ROCKS_INDEX);
		assert_true(view_equal(entry->key, VIEW("gone")));
		seen->n_deleted++;
		return 0;
	}
	assert_int_equal(entry->kind, STORED_VALUE);
	assert_int_equal(entry->family, ROCKS_ROWS);
	snprintf(key, sizeof(key), "key %u", seen->n_values);
	seen->n_values++;
	if (entry->number == 1)
		assert_true(view_equal(entry->key, view_of(key)));
	return 0;
}

static void a_whole_log_is_read(void **state)
{
	struct seen seen = { 0 };
	struct walfile log;

	assert_int_equal(walfile_scan(buf_view(&whole), see, &seen, &log, NULL), 0);
	assert_int_equal(seen.n_values, 60);
	assert_int_equal(seen.n_deleted, 60);
	assert_int_equal(log.n_batches, 60);
	assert_true(!log.is_torn && !log.n_damaged);
}

/* Wherever it is cut, what is before is there. */
static void a_cut_end_is_torn(void **state)
{
	unsigned last = 60;

	for (size_t len = whole.len - 1; len > 1000; len -= 997) {
		struct seen seen = { 0 };
		struct walfile log;
		struct view cut = { whole.at, len };

		assert_int_equal(walfile_scan(cut, see, &seen, &log, NULL), 0);
		assert_int_equal(log.n_damaged, 0);
		assert_true(seen.n_values <= last && (log.is_torn || seen.n_values < last));
		last = seen.n_values;
	}
	assert_true(last < 5);
}

static void a_flipped_byte_in_the_middle_is_damage(void **state)
{
	for (size_t at = 10; at + 5000 < whole.len; at += 1811) {
		struct seen seen = { 0 };
		struct walfile log;

		whole.at[at] ^= 0x20;
		assert_int_equal(walfile_scan(buf_view(&whole), see, &seen, &log, NULL), 0);
		assert_true(log.n_damaged > 0 && log.damaged_at <= at);
		assert_true(seen.n_values >= 58);
		whole.at[at] ^= 0x20;
	}
}

/* Pages that were never written, and later ones that were: a machine that lost its power. */
static void a_hole_is_no_damage(void **state)
{
	BUF_AUTO holed = { 0 };
	struct seen seen = { 0 };
	struct walfile log;

	buf_add_view(&holed, buf_view(&whole));
	memset(holed.at + 8192, 0, 65536);
	assert_int_equal(walfile_scan(buf_view(&holed), see, &seen, &log, NULL), 0);
	assert_int_equal(log.n_damaged, 0);
	assert_true(log.is_torn && log.torn_at <= 8192);
	buf_clear(&holed);
	seen = (struct seen){ 0 };
	buf_add_view(&holed, buf_view(&whole));
	memset(buf_reserve(&holed, 100000), 0, 100000);
	holed.len += 100000; /* room that was asked for in advance */
	assert_int_equal(walfile_scan(buf_view(&holed), see, &seen, &log, NULL), 0);
	assert_true(!log.is_torn && !log.n_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_log_is_read),
		cmocka_unit_test(a_cut_end_is_torn),
		cmocka_unit_test(a_flipped_byte_in_the_middle_is_damage),
		cmocka_unit_test(a_hole_is_no_damage),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
