/* fuzz_object: any bytes as an ELF file; every section is read. */
#include <stddef.h>
#include <stdint.h>

#include "object/object.h"

#define SECTIONS_READ_MAX 64
#define BYTES_READ_MAX ((size_t)1 << 22)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view image = { (const char *)data, size };
	struct object *object;
	const Elf64_Shdr *sections;
	size_t count;
	uint64_t at;

	if (object_open_memory(image, "fuzz", &object, NULL) < 0)
		return 0;
	sections = object_sections(object, &count);
	for (size_t i = 0; i < count && i < SECTIONS_READ_MAX; i++) {
		BUF_AUTO bytes = { .max = BYTES_READ_MAX };

		object_read_section(object, &sections[i], &bytes, NULL);
		object_section(object, object_section_name(object, &sections[i]));
		object_vaddr_to_offset(object, sections[i].sh_addr, &at);
		object_offset_to_vaddr(object, sections[i].sh_offset, &at);
		object_bias(object, sections[i].sh_addr, sections[i].sh_offset, &at);
	}
	object_unref(object);
	return 0;
}
