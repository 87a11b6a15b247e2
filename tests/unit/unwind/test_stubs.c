/* test_stubs: PLT sections and entries that nobody described. */
#include "testing.h"

#include "frame_image.h"

#define PLT (FRAME_TEXT + 0x200)
#define JUMPS (FRAME_TEXT + 0x300)
#define ENTRY (FRAME_TEXT + 0x400)

static void section(struct frame_image *image, const char *name, uint64_t address, size_t size)
{
	elf_image_section(&image->elf, name, SHT_NOBITS, address, VIEW(""))->sh_flags =
		SHF_ALLOC | SHF_EXECINSTR;
	image->elf.sections[image->elf.n_sections - 1].sh_size = size;
}

static int build(struct frame_image *image, uint64_t entry, struct unwind_table *ret)
{
	struct object *object;
	int rc;

	elf_image_section(
		&image->elf, ".eh_frame", SHT_PROGBITS, FRAME_ADDRESS, buf_view(&image->frame));
	elf_image_finish(&image->elf)->e_entry = entry;
	assert_int_equal(
		object_open_memory(buf_view(&image->elf.bytes), "stubs", &object, NULL), 0);
	rc = unwind_table_build(object, ret, NULL);
	object_unref(object);
	elf_image_fini(&image->elf);
	buf_fini(&image->frame);
	return rc;
}

static void describes_plt_sections(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	section(&image, ".plt", PLT, 64);
	section(&image, ".plt.got", JUMPS, 32);
	assert_int_equal(build(&image, 0, &table), 0);
	assert_int_equal(unwind_table_find(&table, PLT)->offset, 16);
	assert_int_equal(unwind_table_find(&table, PLT + 6)->offset, 24);
	assert_int_equal(unwind_table_find(&table, PLT + 16)->cfa, UNWIND_CFA_PLT);
	assert_int_equal(unwind_table_find(&table, PLT + 16)->offset, 11);
	assert_int_equal(unwind_table_find(&table, PLT + 64)->cfa, UNWIND_CFA_NONE);
	assert_int_equal(unwind_table_find(&table, JUMPS + 31)->offset, 8);
	unwind_table_fini(&table);
}

static void ends_the_stack_at_an_entry_without_unwind_information(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	assert_int_equal(build(&image, ENTRY, &table), 0);
	assert_int_equal(unwind_table_find(&table, ENTRY)->cfa, UNWIND_CFA_END);
	assert_int_equal(unwind_table_find(&table, ENTRY - 1)->cfa, UNWIND_CFA_NONE);
	assert_int_equal(unwind_table_find(&table, ENTRY + 0x80)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

#define INIT (FRAME_TEXT + 0x500)

static void init_section(struct frame_image *image, struct view code)
{
	elf_image_section(&image->elf, ".init", SHT_PROGBITS, INIT, code)->sh_flags =
		SHF_ALLOC | SHF_EXECINSTR;
}

static void describes_what_runs_before_main(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	init_section(&image, VIEW("\x48\x83\xec\x08\x90\x90\x90\x48\x83\xc4\x08\xc3"));
	assert_int_equal(build(&image, 0, &table), 0);
	assert_int_equal(unwind_table_find(&table, INIT + 3)->offset, 8);
	assert_int_equal(unwind_table_find(&table, INIT + 4)->offset, 16);
	assert_int_equal(unwind_table_find(&table, INIT + 10)->offset, 16);
	assert_int_equal(unwind_table_find(&table, INIT + 11)->offset, 8);
	assert_int_equal(unwind_table_find(&table, INIT + 12)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

static void says_nothing_of_what_it_does_not_recognise(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	section(&image, ".plt.got", JUMPS, 32);
	init_section(&image, VIEW("\x50\x90\x90\x90\x90\x90\x90\x48\x83\xc4\x08\xc3"));
	assert_int_equal(build(&image, 0, &table), 0);
	assert_int_equal(unwind_table_find(&table, INIT + 4)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

static void leaves_alone_what_is_described(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	frame_add(&image, ENTRY - FRAME_TEXT, VIEW("\x0e\x30"));
	assert_int_equal(build(&image, ENTRY, &table), 0);
	assert_int_equal(unwind_table_find(&table, ENTRY)->cfa, UNWIND_CFA_RSP);
	assert_int_equal(unwind_table_find(&table, ENTRY + 63)->offset, 48);
	assert_int_equal(unwind_table_find(&table, ENTRY + 64)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_plt_sections),
		cmocka_unit_test(ends_the_stack_at_an_entry_without_unwind_information),
		cmocka_unit_test(describes_what_runs_before_main),
		cmocka_unit_test(says_nothing_of_what_it_does_not_recognise),
		cmocka_unit_test(leaves_alone_what_is_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
