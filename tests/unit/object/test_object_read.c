/* test_object_read: sections come out as they went in, compressed or not. */
#include "testing.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#include "elf_image.h"
#include "object/object.h"

#define BODY_LEN 50000
#define METHOD_ZLIB 1u
#define METHOD_ZSTD 2u

static void fill(char *body)
{
	for (size_t i = 0; i < BODY_LEN; i++)
		body[i] = (char)(i * i >> 7);
}

static void pack(uint32_t method, const char *body, struct buf *out)
{
	Elf64_Chdr header = { .ch_type = method, .ch_size = BODY_LEN, .ch_addralign = 1 };
	char *room;

	buf_add(out, &header, sizeof(header));
	room = buf_reserve(out, 2 * BODY_LEN);
	if (method == METHOD_ZSTD) {
		out->len += ZSTD_compress(room, 2 * BODY_LEN, body, BODY_LEN, 3);
	} else {
		struct libdeflate_compressor *tool = libdeflate_alloc_compressor(6);

		out->len += libdeflate_zlib_compress(tool, body, BODY_LEN, room, 2 * BODY_LEN);
		libdeflate_free_compressor(tool);
	}
}

static int read_compressed(struct view packed, struct buf *ret, struct err *err)
{
	struct elf_image image;
	struct object *object;
	int rc;

	elf_image_init(&image);
	elf_image_section(&image, ".debug_info", SHT_PROGBITS, 0, packed)->sh_flags =
		SHF_COMPRESSED;
	elf_image_finish(&image);
	assert_int_equal(object_open_memory(buf_view(&image.bytes), "zip", &object, NULL), 0);
	rc = object_read_section(object, object_section(object, ".debug_info"), ret, err);
	object_unref(object);
	elf_image_fini(&image);
	return rc;
}

static void unpacks_what_zlib_and_zstd_packed(void **state)
{
	static const uint32_t methods[] = { METHOD_ZLIB, METHOD_ZSTD };
	char body[BODY_LEN];

	fill(body);
	for (size_t i = 0; i < 2; i++) {
		BUF_AUTO packed = { 0 };
		BUF_AUTO seen = { 0 };

		pack(methods[i], body, &packed);
		assert_true(packed.len < BODY_LEN);
		assert_int_equal(read_compressed(buf_view(&packed), &seen, NULL), 0);
		assert_int_equal(seen.len, BODY_LEN);
		assert_memory_equal(seen.at, body, BODY_LEN);
	}
}

static void refuses_a_section_that_promises_too_much(void **state)
{
	char body[BODY_LEN];
	BUF_AUTO packed = { 0 };
	BUF_AUTO seen = { 0 };
	struct err err;

	fill(body);
	pack(METHOD_ZLIB, body, &packed);
	((Elf64_Chdr *)packed.at)->ch_size = (uint64_t)1 << 60;
	assert_int_equal(read_compressed(buf_view(&packed), &seen, &err), ERR_LIMIT);
	((Elf64_Chdr *)packed.at)->ch_size = BODY_LEN + 1;
	assert_int_equal(read_compressed(buf_view(&packed), &seen, &err), ERR_CORRUPT);
	((Elf64_Chdr *)packed.at)->ch_type = 77;
	assert_int_equal(read_compressed(buf_view(&packed), &seen, &err), ERR_UNSUPPORTED);
	assert_string_equal(
		err.text, "zip: section .debug_info: a section is compressed by method 77");
	assert_int_equal(seen.len, 0);
}

static void refuses_to_read_past_the_end_of_the_file(void **state)
{
	struct elf_image image;
	struct object *object;
	BUF_AUTO seen = { 0 };

	elf_image_init(&image);
	elf_image_section(&image, ".far", SHT_PROGBITS, 0, VIEW("x"))->sh_size = 1 << 20;
	elf_image_section(&image, ".huge", SHT_PROGBITS, 0, VIEW("x"))->sh_size = UINT64_MAX;
	elf_image_section(&image, ".bss", SHT_NOBITS, 0, VIEW(""))->sh_size = 100;
	elf_image_finish(&image);
	assert_int_equal(object_open_memory(buf_view(&image.bytes), "f", &object, NULL), 0);
	assert_int_equal(object_read_section(object, object_section(object, ".far"), &seen, NULL),
		ERR_CORRUPT);
	assert_int_equal(object_read_section(object, object_section(object, ".huge"), &seen, NULL),
		ERR_LIMIT);
	assert_int_equal(object_read_section(object, object_section(object, ".bss"), &seen, NULL),
		ERR_NOT_FOUND);
	assert_int_equal(object_read(object, UINT64_MAX, 2, &seen, NULL), ERR_CORRUPT);
	assert_int_equal(object_read(object, 1, 3, &seen, NULL), 0);
	assert_view_equal(buf_view(&seen), "ELF");
	object_unref(object);
	elf_image_fini(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_what_zlib_and_zstd_packed),
		cmocka_unit_test(refuses_a_section_that_promises_too_much),
		cmocka_unit_test(refuses_to_read_past_the_end_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
