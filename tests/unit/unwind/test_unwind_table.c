/* test_unwind_table: pages, ranges and limits; what is read where .eh_frame is missing. */
#include "testing.h"

#include "frame_image.h"

#define PAGE 0x10000u

/* 128 KiB of code from FRAME_TEXT on, which is 0x1000 into a page. */
static void big_init(struct frame_image *image)
{
	frame_init(image);
	image->elf.segments[0].p_memsz = 2 * PAGE;
}

static void begins_every_page_with_the_rule_that_holds_there(void **state)
{
	struct frame_image image;
	struct unwind_table table;
	uint32_t length = PAGE; /* over the end of the first page */

	big_init(&image);
	frame_add(&image, 0, VIEW("\x41\x0e\x10"));
	memcpy(image.frame.at + 24 + 12, &length, sizeof(length));
	assert_int_equal(frame_build(&image, &table), 0);
	assert_int_equal(table.first_page_no, FRAME_TEXT / PAGE);
	assert_int_equal(table.n_pages, 3);
	assert_int_equal(table.pages[0].n_rows, 3); /* none, rsp+8, rsp+16 */
	assert_int_equal(table.pages[1].n_rows, 2); /* carried, none */
	assert_int_equal(table.pages[2].n_rows, 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(table.rows[table.pages[i].first_row].pc_low, 0);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 1)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + PAGE - 1)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + PAGE)->cfa, UNWIND_CFA_NONE);
	assert_int_equal(unwind_table_find(&table, 2 * PAGE)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

/* The same functions as .debug_frame, whose pointers count differently. */
static void reads_debug_frame_where_there_is_no_eh_frame(void **state)
{
	static const char cie[] = "\x10\0\0\0\xff\xff\xff\xff\3\0\1\x78\x10\x0c\7\x08\x90\1\0";
	static const char fde[] = "\x1c\0\0\0\0\0\0\0\x10\x10\x40\0\0\0\0\0\x40\0\0\0\0\0\0\0"
				  "\x41\x0e\x30\0\0\0\0\0";
	struct frame_image image;
	struct unwind_table table;
	struct object *object;

	frame_init(&image);
	image.frame.len = 0;
	buf_add(&image.frame, cie, 20);
	buf_add(&image.frame, fde, 32);
	object = frame_open(&image, ".debug_frame");
	assert_int_equal(unwind_table_build(object, &table, NULL), 0);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 0x10)->offset, 8);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 0x11)->offset, 48);
	unwind_table_fini(&table);
	object_unref(object);
}

/* sstrip and packers leave no sections; the segment for the loader's unwinder stays. */
static void finds_eh_frame_without_sections(void **state)
{
	struct frame_image image;
	struct unwind_table table;
	struct object *object;
	uint64_t offset;
	char hdr[12] = "\1\x1b\3\x3b";
	int32_t to_frame = -0x100;

	frame_init(&image);
	frame_add(&image, 0, VIEW("\x41\x0e\x30"));
	frame_add_u32(&image.frame, 0);
	elf_image_align(&image.elf);
	offset = image.elf.bytes.len;
	buf_add_view(&image.elf.bytes, buf_view(&image.frame));
	elf_image_segment(&image.elf, (Elf64_Phdr){ .p_type = PT_LOAD,
					      .p_flags = PF_R,
					      .p_vaddr = FRAME_ADDRESS,
					      .p_offset = offset,
					      .p_filesz = image.frame.len });
	elf_image_align(&image.elf);
	memcpy(hdr + 4, &to_frame, 4);
	elf_image_segment(&image.elf, (Elf64_Phdr){ .p_type = PT_GNU_EH_FRAME,
					      .p_flags = PF_R,
					      .p_vaddr = FRAME_ADDRESS + 0xfc,
					      .p_offset = image.elf.bytes.len,
					      .p_filesz = sizeof(hdr) });
	buf_add(&image.elf.bytes, hdr, sizeof(hdr));
	elf_image_finish(&image.elf)->e_shoff = 0;
	assert_int_equal(object_open_memory(buf_view(&image.elf.bytes), "bare", &object, NULL), 0);
	assert_int_equal(unwind_table_build(object, &table, NULL), 0);
	assert_int_equal(table.stats.functions, 1);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 1)->offset, 48);
	unwind_table_fini(&table);
	object_unref(object);
	elf_image_fini(&image.elf);
	buf_fini(&image.frame);
}

static void refuses_code_that_spans_too_much(void **state)
{
	struct frame_image image;
	struct unwind_table table;
	struct object *object;
	struct err err;

	frame_init(&image);
	frame_add(&image, 0, VIEW("\x41\x0e\x10"));
	elf_image_segment(&image.elf, (Elf64_Phdr){ .p_type = PT_LOAD,
					      .p_flags = PF_R | PF_X,
					      .p_vaddr = (uint64_t)1 << 40,
					      .p_offset = 0,
					      .p_filesz = 1 });
	object = frame_open(&image, ".eh_frame");
	assert_int_equal(unwind_table_build(object, &table, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "the limit is 4 GiB"));
	object_unref(object);
}

static void refuses_a_section_larger_than_the_limit(void **state)
{
	struct frame_image image;
	struct unwind_table table;
	struct object *object;

	frame_init(&image);
	elf_image_section(&image.elf, ".eh_frame", SHT_PROGBITS, 0, VIEW("x"))->sh_size =
		(uint64_t)4 << 30;
	object = frame_open(&image, ".other");
	assert_int_equal(unwind_table_build(object, &table, NULL), ERR_LIMIT);
	object_unref(object);
}

static void has_nothing_to_say_about_a_file_without_frames(void **state)
{
	struct frame_image image;
	struct unwind_table table;
	struct object *object;
	struct err err;

	frame_init(&image);
	object = frame_open(&image, ".other");
	assert_int_equal(unwind_table_build(object, &table, &err), ERR_NOT_FOUND);
	assert_string_equal(err.text, "frames: unwind tables: not found");
	object_unref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_every_page_with_the_rule_that_holds_there),
		cmocka_unit_test(reads_debug_frame_where_there_is_no_eh_frame),
		cmocka_unit_test(finds_eh_frame_without_sections),
		cmocka_unit_test(refuses_code_that_spans_too_much),
		cmocka_unit_test(refuses_a_section_larger_than_the_limit),
		cmocka_unit_test(has_nothing_to_say_about_a_file_without_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
