/* object_impl: what an object holds; for the files of this folder only. */
#ifndef OBJECT_OBJECT_IMPL_H
#define OBJECT_OBJECT_IMPL_H

#include <stdatomic.h>

#include "object/object.h"

struct object {
	atomic_uint refs;
	int fd;           /* owned; -1 if `image` holds the bytes */
	struct buf image; /* owned */
	char *name;       /* owned */
	uint64_t size;
	Elf64_Ehdr header;
	Elf64_Phdr *segments; /* owned */
	size_t n_segments;
	Elf64_Shdr *sections; /* owned */
	size_t n_sections;
	struct buf names; /* owned; ends in NUL if not empty */
	char build_id[OBJECT_BUILD_ID_MAX];
	size_t build_id_len;
};

/* Fills in build_id from the notes; leaves it empty where there is none that is well-formed. */
void object_build_id_find(struct object *object);

/* Exactly `len` bytes at `offset`; ERR_CORRUPT if the file ends before. */
int object_read_into(
	const struct object *object, void *into, size_t len, uint64_t offset, struct err *err);

#endif
