/*
 * object: an ELF file, opened once and shared.
 *
 * Reads with pread, never mmap: a file that is truncated while we read gives an
 * error, not a SIGBUS. Everything in it is hostile: counts and offsets are checked
 * against the file's size and against OBJECT_* limits before anything is allocated.
 * x86-64 little-endian ELF only; others are ERR_UNSUPPORTED.
 */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define OBJECT_BUILD_ID_MAX 128 /* bytes; Go's are text of about 83 */
#define OBJECT_SECTIONS_MAX 65536
#define OBJECT_SEGMENTS_MAX 65536
#define OBJECT_SECTION_SIZE_MAX ((size_t)1 << 30)

struct object; /* reference-counted, immutable */

/* Opens a path (regular files only), or takes over a descriptor (closed on failure, too), or copies
 * an image from memory (the vdso). `name` is what people call it. *ret is owned: object_unref.
 * A file whose section table is missing or damaged has no sections and is no error: the kernel
 * runs it all the same. */
int object_open(const char *path, struct object **ret, struct err *err);
int object_open_fd(int fd, const char *name, struct object **ret, struct err *err);
int object_open_memory(struct view image, const char *name, struct object **ret, struct err *err);
struct object *object_ref(struct object *object);
void object_unref(struct object *object);

const char *object_name(const struct object *object);
int object_fd(const struct object *object); /* borrowed; -1 for an image from memory */
uint64_t object_size(const struct object *object);
struct view object_build_id(
	const struct object *object); /* raw bytes; GNU, else Go's as text; may be empty */
void object_build_id_hex(const struct object *object, struct buf *out);

const Elf64_Ehdr *object_header(const struct object *object);
const Elf64_Phdr *object_segments(const struct object *object, size_t *ret_count);
const Elf64_Shdr *object_sections(const struct object *object, size_t *ret_count);
const char *object_section_name(const struct object *object, const Elf64_Shdr *section);
const Elf64_Shdr *object_section(const struct object *object, const char *name); /* NULL if none */

/* The bytes of a section (unzipped if SHF_COMPRESSED), or of a range of the file, appended to *ret.
 * ERR_NOT_FOUND: the section has no bytes in this file (SHT_NOBITS, as in files of debug data). */
int object_read_section(
	const struct object *object, const Elf64_Shdr *section, struct buf *ret, struct err *err);
int object_read(
	const struct object *object, uint64_t offset, size_t len, struct buf *ret, struct err *err);

/* File offset <-> virtual address through the PT_LOAD segments; false if no segment covers it.
 * Where two segments hold the same offset, the executable one wins. */
bool object_offset_to_vaddr(const struct object *object, uint64_t offset, uint64_t *ret_vaddr);
bool object_vaddr_to_offset(const struct object *object, uint64_t vaddr, uint64_t *ret_offset);

/* What to subtract from an address inside an executable mapping of this file to get the file's own
 * virtual address (modulo 2^64). The mapping starts at `start` and maps the file from `offset` on,
 * as /proc/PID/maps says; segments are rounded out to pages as the loader does it. */
bool object_bias(const struct object *object, uint64_t start, uint64_t offset, uint64_t *ret_bias);

#endif
