/* test_shelf_add: pieces become a file, or nothing. */
#include "debuginfo/shelved.h"

#include <errno.h>

#include "base/hash.h"

static struct shelf *shelf;
static struct buf program;

static int start(void **state)
{
	if (shelved_begin(state) != 0 || disk_read("program", SIZE_MAX, &program, NULL) < 0)
		return -1;
	shelf = shelved_open(0);
	return 0;
}

static int stop(void **state)
{
	shelf_close(shelf);
	buf_fini(&program);
	return programs_end(state);
}

static int clean(void **state)
{
	unsigned n;

	shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL);
	return 0;
}

static int add(size_t offset, size_t len, uint64_t hash, struct shelf_receipt *ret, struct err *err)
{
	const struct shelf_piece piece = { .build_id = VIEW(SHELVED_ID),
		.size = program.len,
		.hash = hash,
		.offset = offset,
		.bytes = { program.at + offset, len } };

	return shelf_add(shelf, &piece, ret, err);
}

static void pieces_make_a_file(void **state)
{
	uint64_t hash = hash_view(buf_view(&program));
	struct shelf_receipt receipt;

	assert_int_equal(add(0, 0, hash, &receipt, NULL), 0);
	assert_int_equal(receipt.received, 0);
	for (size_t at = 0; at < program.len; at += 1000) {
		size_t left = program.len - at;

		assert_int_equal(add(at, left < 1000 ? left : 1000, hash, &receipt, NULL), 0);
		assert_int_equal(receipt.received, at + (left < 1000 ? left : 1000));
	}
	assert_int_equal(receipt.state, SHELF_STORED);
	assert_int_equal(receipt.kind, SHELF_PROGRAM);
	assert_int_equal(shelved_count(shelf, "", SHELVED_ID), 1);
}

static void who_was_interrupted_is_told_where_to_go_on(void **state)
{
	struct shelf_receipt receipt;

	assert_int_equal(add(0, 500, 0, &receipt, NULL), 0);
	assert_int_equal(add(600, 100, 0, &receipt, NULL), 0);
	assert_int_equal(receipt.state, SHELF_BROKEN);
	assert_int_equal(receipt.received, 500);
	assert_int_equal(add(0, 0, 0, &receipt, NULL), 0);
	assert_int_equal(receipt.received, 500);
	assert_int_equal(add(500, program.len - 500, 0, &receipt, NULL), 0);
	assert_int_equal(receipt.state, SHELF_STORED);
}

static void other_bytes_than_were_announced_are_refused(void **state)
{
	struct shelf_receipt receipt;
	struct err err;

	assert_int_equal(add(0, program.len, 1, &receipt, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "announced"));
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	assert_int_equal(add(0, 0, 1, &receipt, NULL), 0);
	assert_int_equal(receipt.received, 0);
}

static void one_that_is_not_what_it_says_is_forgotten(void **state)
{
	struct err err;

	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "other", &err), ERR_CORRUPT);
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program.c", &err), ERR_CORRUPT);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	programs_run("test -z \"$(ls shelf/t- | grep part)\"");
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct shelf_piece piece = { .build_id = VIEW("x"), .size = 10 };
	struct shelf_receipt receipt;

	assert_int_equal(shelf_add(shelf, &piece, &receipt, NULL), ERR_USAGE);
	piece.build_id = VIEW("0a");
	piece.tenant = VIEW("../up");
	assert_int_equal(shelf_add(shelf, &piece, &receipt, NULL), ERR_USAGE);
	piece.tenant = VIEW("");
	piece.offset = 11;
	assert_int_equal(shelf_add(shelf, &piece, &receipt, NULL), ERR_USAGE);
	piece.offset = 5;
	piece.bytes = VIEW("123456");
	assert_int_equal(shelf_add(shelf, &piece, &receipt, NULL), ERR_USAGE);
}

static void limits_say_their_settings(void **state)
{
	const struct shelf_options options = {
		.folder = "small", .bytes_max = 100, .file_max = 200
	};
	struct shelf_piece piece = { .build_id = VIEW("0a"), .size = 201 };
	struct shelf_receipt receipt;
	struct shelf *small;
	struct err err;

	assert_int_equal(shelf_open(&options, &small, NULL), 0);
	assert_int_equal(shelf_add(small, &piece, &receipt, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "debuginfo.file_bytes"));
	piece.size = 101;
	assert_int_equal(shelf_add(small, &piece, &receipt, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "debuginfo.bytes"));
	piece.size = 100;
	piece.bytes = VIEW("1234567890123456789012345678901234567890123456789012345678901");
	assert_int_equal(shelf_add(small, &piece, &receipt, &err), 0);
	piece.build_id = VIEW("0b");
	assert_int_equal(shelf_add(small, &piece, &receipt, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "on their way"));
	shelf_close(small);
}

static void a_disk_that_fails_leaves_nothing(void **state)
{
	static const enum disk_call CALLS[] = { DISK_WRITE, DISK_SYNC, DISK_RENAME };

	for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++) {
		struct shelf_receipt receipt;
		struct err err;

		disk_fail_after(CALLS[i], 1, ENOSPC);
		assert_int_equal(add(0, program.len, 0, &receipt, &err), ERR_IO);
		assert_int_equal(shelved_count(shelf, "", ""), 0);
		assert_int_equal(access("shelf/t-/" SHELVED_ID ".program", F_OK), -1);
	}
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program", NULL), SHELF_STORED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pieces_make_a_file, clean),
		cmocka_unit_test_setup(who_was_interrupted_is_told_where_to_go_on, clean),
		cmocka_unit_test_setup(other_bytes_than_were_announced_are_refused, clean),
		cmocka_unit_test_setup(one_that_is_not_what_it_says_is_forgotten, clean),
		cmocka_unit_test_setup(what_makes_no_sense_is_refused, clean),
		cmocka_unit_test_setup(limits_say_their_settings, clean),
		cmocka_unit_test_setup(a_disk_that_fails_leaves_nothing, clean),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
