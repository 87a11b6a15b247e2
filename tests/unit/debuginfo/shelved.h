/* shelved: files with names, made by a compiler, and a shelf to put them on. */
#ifndef TESTS_SHELVED_H
#define TESTS_SHELVED_H

#include "symbol/programs.h"

#include "base/disk.h"
#include "debuginfo/shelf.h"

#define SHELVED_ID "5ca1ab1e00000000000000000000000000000001"
#define SHELVED_OTHER_ID "5ca1ab1e00000000000000000000000000000002"

/* program, program.debug, program.stripped with SHELVED_ID, and other with the other one. */
static inline int shelved_begin(void **state)
{
	if (programs_begin(state) < 0)
		return -1;
	programs_write("program.c", programs_c);
	return system("cc -g -O2 -Wl,--build-id=0x" SHELVED_ID " -o program program.c && "
		      "cc -g -O1 -Wl,--build-id=0x" SHELVED_OTHER_ID " -o other program.c && "
		      "objcopy --only-keep-debug program program.debug && "
		      "objcopy --strip-all program program.stripped");
}

static inline struct shelf *shelved_open(uint64_t bytes_max)
{
	const struct shelf_options options = { .folder = "shelf", .bytes_max = bytes_max };
	struct shelf *shelf;
	struct err err = { 0 };

	if (shelf_open(&options, &shelf, &err) < 0)
		fail_msg("%s", err.text);
	return shelf;
}

static inline int shelved_put(
	struct shelf *shelf, const char *tenant, const char *id, const char *path, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	struct shelf_piece piece = { .tenant = view_of(tenant), .build_id = view_of(id) };
	struct shelf_receipt receipt;
	int rc;

	assert_int_equal(disk_read(path, SIZE_MAX, &bytes, NULL), 0);
	piece.bytes = buf_view(&bytes);
	piece.size = bytes.len;
	rc = shelf_add(shelf, &piece, &receipt, err);
	return rc < 0 ? rc : (int)receipt.state;
}

static inline void shelved_count_one(void *owner, const struct shelf_file *file)
{
	unsigned *n = owner;

	assert_true(file->bytes > 0);
	(*n)++;
}

static inline unsigned shelved_count(struct shelf *shelf, const char *tenant, const char *id)
{
	unsigned n = 0;

	assert_int_equal(shelf_list(shelf, &(struct shelf_wanted){ view_of(tenant), view_of(id) },
				 shelved_count_one, &n, NULL),
		0);
	return n;
}

#endif
