/* fuzz_cfi: any bytes as .eh_frame, .debug_frame or a whole file; the table must be sound. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "../tests/unit/object/elf_image.h"
#include "object/object.h"
#include "unwind/unwind_table.h"

#define TEXT 0x1000u
#define TEXT_LEN 0x30000u
#define FRAMES 0x100000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct unwind_table *table)
{
	for (size_t p = 0; p < table->n_pages; p++) {
		struct unwind_page page = table->pages[p];

		require(page.first_row <= table->n_rows &&
			page.n_rows <= table->n_rows - page.first_row);
		require(page.n_rows <= UNWIND_SHARD_ROWS);
		for (uint32_t i = 0; i < page.n_rows; i++) {
			const struct unwind_row *row = &table->rows[page.first_row + i];

			require(i ? row[-1].pc_low < row->pc_low : row->pc_low == 0);
			require(row->rule < table->n_rules);
		}
	}
	for (uint64_t pc = TEXT; pc < TEXT + TEXT_LEN; pc += 509)
		require(unwind_table_find(table, pc) != NULL);
}

static void build(struct view image)
{
	struct unwind_table table;
	struct object *object;

	if (object_open_memory(image, "fuzz", &object, NULL) < 0)
		return;
	if (unwind_table_build(object, &table, NULL) == 0) {
		check(&table);
		unwind_table_fini(&table);
	}
	object_unref(object);
}

/* The first byte chooses. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view rest = { (const char *)data + 1, size - 1 };
	struct elf_image image;

	if (size == 0)
		return 0;
	if (data[0] == 'f') {
		build(rest);
		return 0;
	}
	elf_image_init(&image);
	elf_image_segment(&image, (Elf64_Phdr){ .p_type = PT_LOAD,
					  .p_flags = PF_R | PF_X,
					  .p_vaddr = TEXT,
					  .p_offset = 0,
					  .p_filesz = TEXT_LEN });
	elf_image_section(
		&image, data[0] == 'd' ? ".debug_frame" : ".eh_frame", SHT_PROGBITS, FRAMES, rest);
	elf_image_finish(&image)->e_entry = TEXT + 0x100;
	build(buf_view(&image.bytes));
	elf_image_fini(&image);
	return 0;
}
