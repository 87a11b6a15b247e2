/* elf_image: small ELF files made by hand, for tests. */
#ifndef TESTS_ELF_IMAGE_H
#define TESTS_ELF_IMAGE_H

#include <elf.h>
#include <string.h>

#include "base/buf.h"

struct elf_image {
	struct buf bytes; /* the file, once elf_image_finish has run */
	struct buf names;
	Elf64_Phdr segments[8];
	size_t n_segments;
	Elf64_Shdr sections[16];
	size_t n_sections;
};

/* Room for the header and the segments, so that what is added later has its final offset. */
static inline void elf_image_init(struct elf_image *image)
{
	char zeros[sizeof(Elf64_Ehdr) + sizeof(image->segments)] = { 0 };

	*image = (struct elf_image){ .n_sections = 1 };
	buf_add(&image->bytes, zeros, sizeof(zeros));
	buf_add_char(&image->names, '\0');
}

static inline void elf_image_fini(struct elf_image *image)
{
	buf_fini(&image->bytes);
	buf_fini(&image->names);
}

static inline void elf_image_align(struct elf_image *image)
{
	while (image->bytes.len % 8)
		buf_add_char(&image->bytes, '\0');
}

/* Adds a section at virtual address `vaddr`; its offset is that of the file's end. */
static inline Elf64_Shdr *elf_image_section(
	struct elf_image *image, const char *name, uint32_t type, uint64_t vaddr, struct view body)
{
	Elf64_Shdr *section = &image->sections[image->n_sections++];

	elf_image_align(image);
	*section = (Elf64_Shdr){ .sh_name = (uint32_t)image->names.len,
		.sh_type = type,
		.sh_addr = vaddr,
		.sh_offset = image->bytes.len,
		.sh_size = body.len,
		.sh_addralign = 4 };
	buf_add(&image->names, name, strlen(name) + 1);
	buf_add_view(&image->bytes, body);
	return section;
}

/* Takes p_memsz and p_align from the rest. */
static inline void elf_image_segment(struct elf_image *image, Elf64_Phdr segment)
{
	segment.p_memsz = segment.p_filesz;
	segment.p_align = 4;
	image->segments[image->n_segments++] = segment;
}

static inline Elf64_Ehdr *elf_image_finish(struct elf_image *image)
{
	Elf64_Ehdr header = { .e_type = ET_DYN,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_shentsize = sizeof(Elf64_Shdr) };

	buf_add(&image->names, ".shstrtab", sizeof(".shstrtab"));
	elf_image_section(image, "", SHT_STRTAB, 0, buf_view(&image->names));
	image->sections[image->n_sections - 1].sh_name =
		(uint32_t)(image->names.len - 1 - sizeof(".shstrtab"));
	memcpy(header.e_ident, ELFMAG "\2\1\1", 7);
	header.e_phoff = sizeof(header);
	header.e_phnum = (uint16_t)image->n_segments;
	elf_image_align(image);
	header.e_shoff = image->bytes.len;
	header.e_shnum = (uint16_t)image->n_sections;
	header.e_shstrndx = (uint16_t)(image->n_sections - 1);
	buf_add(&image->bytes, image->sections, image->n_sections * sizeof(Elf64_Shdr));
	memcpy(image->bytes.at + sizeof(header), image->segments, sizeof(image->segments));
	memcpy(image->bytes.at, &header, sizeof(header));
	return (Elf64_Ehdr *)image->bytes.at;
}

#endif
