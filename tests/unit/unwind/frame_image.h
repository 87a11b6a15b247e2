/* frame_image: ELF files with an .eh_frame made by hand; after testing.h. */
#ifndef TESTS_FRAME_IMAGE_H
#define TESTS_FRAME_IMAGE_H

#include "../object/elf_image.h"
#include "object/object.h"
#include "unwind/unwind_table.h"

#define FRAME_TEXT 0x401000u
#define FRAME_ADDRESS 0x500000u

/* An .eh_frame with one CIE and FDEs of 64 bytes each. */
struct frame_image {
	struct elf_image elf;
	struct buf frame;
};

static inline void frame_add_u32(struct buf *out, uint32_t value)
{
	buf_add(out, &value, sizeof(value));
}

static inline void frame_init(struct frame_image *image)
{
	*image = (struct frame_image){ 0 };
	elf_image_init(&image->elf);
	elf_image_segment(&image->elf, (Elf64_Phdr){ .p_type = PT_LOAD,
					       .p_flags = PF_R | PF_X,
					       .p_vaddr = FRAME_TEXT,
					       .p_offset = 0x1000,
					       .p_filesz = 0x1000 });
	frame_add_u32(&image->frame, 20);
	frame_add_u32(&image->frame, 0);
	/* version 1, "zR", factors 1 and -8, ra in 16, pcrel sdata4; rsp+8, ra at CFA-8. */
	buf_add(&image->frame, "\1zR\0\1\x78\x10\1\x1b\x0c\7\x08\x90\1\0\0", 16);
}

static inline void frame_add(struct frame_image *image, uint32_t from, struct view code)
{
	size_t start = image->frame.len;
	uint32_t len = (uint32_t)(4 + 4 + 4 + 1 + code.len);

	frame_add_u32(&image->frame, len);
	frame_add_u32(&image->frame, (uint32_t)(start + 4));
	frame_add_u32(&image->frame, FRAME_TEXT + from - (uint32_t)(FRAME_ADDRESS + start + 8));
	frame_add_u32(&image->frame, 64);
	buf_add_char(&image->frame, '\0');
	buf_add_view(&image->frame, code);
}

/* Opens it with its frames in a section of that name, and empties it. */
static inline struct object *frame_open(struct frame_image *image, const char *section)
{
	struct object *object;

	elf_image_section(
		&image->elf, section, SHT_PROGBITS, FRAME_ADDRESS, buf_view(&image->frame));
	elf_image_finish(&image->elf);
	assert_int_equal(
		object_open_memory(buf_view(&image->elf.bytes), "frames", &object, NULL), 0);
	elf_image_fini(&image->elf);
	buf_fini(&image->frame);
	return object;
}

static inline int frame_build(struct frame_image *image, struct unwind_table *ret)
{
	struct object *object = frame_open(image, ".eh_frame");
	int rc = unwind_table_build(object, ret, NULL);

	object_unref(object);
	return rc;
}

#endif
