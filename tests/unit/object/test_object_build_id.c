/* test_object_build_id: GNU's note wins, Go's is the second choice, a broken one is none. */
#include "testing.h"

#include "elf_image.h"
#include "object/object.h"

#define GNU_NOTE "\4\0\0\0\3\0\0\0\3\0\0\0GNU\0\1\2\xff\0"
#define GO_NOTE "\4\0\0\0\7\0\0\0\4\0\0\0Go\0\0abc/def\0"

static void assert_build_id(struct view notes, bool in_segment, const char *hex)
{
	struct elf_image image;
	struct object *object;
	BUF_AUTO text = { 0 };

	elf_image_init(&image);
	if (in_segment) {
		elf_image_segment(&image, (Elf64_Phdr){ .p_type = PT_NOTE,
						  .p_flags = PF_R,
						  .p_vaddr = 0x1000,
						  .p_offset = image.bytes.len,
						  .p_filesz = notes.len });
		buf_add_view(&image.bytes, notes);
	} else {
		elf_image_section(&image, ".note.x", SHT_NOTE, 0, notes);
	}
	elf_image_finish(&image);
	assert_int_equal(object_open_memory(buf_view(&image.bytes), "notes", &object, NULL), 0);
	object_build_id_hex(object, &text);
	assert_view_equal(buf_view(&text), hex);
	object_unref(object);
	elf_image_fini(&image);
}

static void reads_it_from_segments_and_from_sections(void **state)
{
	assert_build_id(VIEW(GNU_NOTE), true, "0102ff");
	assert_build_id(VIEW(GNU_NOTE), false, "0102ff");
}

static void prefers_the_linkers_to_the_one_of_go(void **state)
{
	assert_build_id(VIEW(GO_NOTE), true, "6162632f646566");
	assert_build_id(VIEW(GO_NOTE GNU_NOTE), false, "0102ff");
}

static void takes_a_broken_note_for_none(void **state)
{
	assert_build_id(VIEW("\4\0\0\0\xff\xff\xff\xff\3\0\0\0GNU\0\1\2\3\0"), true, "");
	assert_build_id(VIEW("\xff\xff\xff\xff\1\0\0\0\3\0\0\0GNU\0\1\2\3\0"), true, "");
	assert_build_id(VIEW("\4\0\0\0\0\0\0\0\3\0\0\0GNU\0"), true, "");
	assert_build_id(VIEW("\4\0"), false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_it_from_segments_and_from_sections),
		cmocka_unit_test(prefers_the_linkers_to_the_one_of_go),
		cmocka_unit_test(takes_a_broken_note_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
