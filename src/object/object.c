/* object: an ELF file, opened once and shared. */
#include "object/object.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object/object_impl.h"

#define NAMES_MAX ((size_t)1 << 24)
#define PAGE 4096u

static int check_header(const Elf64_Ehdr *header, struct err *err)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return err_set(err, ERR_CORRUPT, "not an ELF file");
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
		header->e_machine != EM_X86_64)
		return err_set(err, ERR_UNSUPPORTED, "not a 64-bit x86 program or library");
	return 0;
}

struct table {
	uint64_t offset;
	size_t count, size; /* entries; bytes of one */
};

/* *ret is owned. */
static int read_table(const struct object *object, struct table where, void **ret, struct err *err)
{
	void *table;
	int rc;

	assert(where.size == sizeof(Elf64_Phdr) || where.size == sizeof(Elf64_Shdr));
	if (where.offset > object->size || where.count > (object->size - where.offset) / where.size)
		return err_set(err, ERR_CORRUPT, "a table of %zu headers lies outside the file",
			where.count);
	table = malloc(where.count * where.size);
	if (!table)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = object_read_into(object, table, where.count * where.size, where.offset, err);
	if (rc < 0) {
		free(table);
		return rc;
	}
	*ret = table;
	return 0;
}

/* With more entries than 16 bits can count, section 0 holds the numbers. */
static bool first_section(const struct object *object, Elf64_Shdr *ret)
{
	const Elf64_Ehdr *header = &object->header;

	return header->e_shoff && header->e_shentsize == sizeof(*ret) &&
	       object_read_into(object, ret, sizeof(*ret), header->e_shoff, NULL) == 0;
}

static int read_segments(struct object *object, struct err *err)
{
	const Elf64_Ehdr *header = &object->header;
	size_t count = header->e_phnum;
	Elf64_Shdr zero;
	int rc;

	if (count == 0)
		return 0;
	if (count == PN_XNUM && first_section(object, &zero))
		count = zero.sh_info;
	if (header->e_phentsize != sizeof(Elf64_Phdr))
		return err_set(
			err, ERR_CORRUPT, "segment headers of %u bytes", header->e_phentsize);
	if (count > OBJECT_SEGMENTS_MAX)
		return err_set(err, ERR_LIMIT, "%zu segments; the limit is %d", count,
			OBJECT_SEGMENTS_MAX);
	rc = read_table(object, (struct table){ header->e_phoff, count, sizeof(Elf64_Phdr) },
		(void **)&object->segments, err);
	if (rc == 0)
		object->n_segments = count;
	return rc;
}

static void read_names(struct object *object, uint32_t index)
{
	const Elf64_Shdr *section;

	if (index == 0 || index >= object->n_sections)
		return;
	section = &object->sections[index];
	if (section->sh_type != SHT_STRTAB || section->sh_size > NAMES_MAX)
		return;
	if (object_read_section(object, section, &object->names, NULL) == 0 && object->names.len &&
		object->names.at[object->names.len - 1] == '\0')
		return;
	buf_clear(&object->names);
}

/* A running program needs no sections, so a bad table of them only means that there are none. */
static int read_sections(struct object *object, struct err *err)
{
	const Elf64_Ehdr *header = &object->header;
	size_t count = header->e_shnum;
	uint32_t names = header->e_shstrndx;
	Elf64_Shdr zero;
	int rc;

	if (!first_section(object, &zero))
		return 0;
	if (count == 0)
		count = zero.sh_size;
	if (names == SHN_XINDEX)
		names = zero.sh_link;
	if (count > OBJECT_SECTIONS_MAX)
		return err_set(err, ERR_LIMIT, "%zu sections; the limit is %d", count,
			OBJECT_SECTIONS_MAX);
	if (count == 0)
		return 0;
	rc = read_table(object, (struct table){ header->e_shoff, count, sizeof(Elf64_Shdr) },
		(void **)&object->sections, err);
	if (rc < 0)
		return rc == ERR_CORRUPT ? 0 : rc;
	object->n_sections = count;
	read_names(object, names);
	return 0;
}

static struct object *object_new(int fd, const char *name)
{
	struct object *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	atomic_init(&object->refs, 1);
	object->fd = fd;
	object->name = strdup(name);
	if (object->name)
		return object;
	free(object);
	return NULL;
}

/* Takes `object`. */
static int parse(struct object *object, struct object **ret, struct err *err)
{
	int rc = object_read_into(object, &object->header, sizeof(object->header), 0, err);

	if (rc == 0)
		rc = check_header(&object->header, err);
	if (rc == 0)
		rc = read_segments(object, err);
	if (rc == 0)
		rc = read_sections(object, err);
	if (rc < 0) {
		err_where(err, "%s", object->name);
		object_unref(object);
		return rc;
	}
	object_build_id_find(object);
	*ret = object;
	return 0;
}

int object_open(const char *path, struct object **ret, struct err *err)
{
	/* O_NONBLOCK: a FIFO in the place of a library must not hang us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, errno, "cannot open %s", path);
	return object_open_fd(fd, path, ret, err);
}

int object_open_fd(int fd, const char *name, struct object **ret, struct err *err)
{
	struct object *object;
	struct stat st;
	int rc = 0;

	if (fstat(fd, &st) < 0)
		rc = err_errno(err, errno, "cannot look at %s", name);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, ERR_USAGE, "%s is not a regular file", name);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	object = object_new(fd, name);
	if (!object) {
		close(fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	object->size = (uint64_t)st.st_size;
	return parse(object, ret, err);
}

int object_open_memory(struct view image, const char *name, struct object **ret, struct err *err)
{
	struct object *object = object_new(-1, name);

	if (!object)
		return err_set(err, ERR_NOMEM, "out of memory");
	buf_init(&object->image, OBJECT_SECTION_SIZE_MAX);
	buf_add_view(&object->image, image);
	if (object->image.failed) {
		object_unref(object);
		return err_set(err, ERR_NOMEM, "no memory for an image of %zu bytes", image.len);
	}
	object->size = image.len;
	return parse(object, ret, err);
}

struct object *object_ref(struct object *object)
{
	atomic_fetch_add_explicit(&object->refs, 1, memory_order_relaxed);
	return object;
}

void object_unref(struct object *object)
{
	if (!object || atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (object->fd >= 0)
		close(object->fd);
	buf_fini(&object->image);
	buf_fini(&object->names);
	free(object->segments);
	free(object->sections);
	free(object->name);
	free(object);
}

const char *object_name(const struct object *object)
{
	return object->name;
}

int object_fd(const struct object *object)
{
	return object->fd;
}

uint64_t object_size(const struct object *object)
{
	return object->size;
}

const Elf64_Ehdr *object_header(const struct object *object)
{
	return &object->header;
}

const Elf64_Phdr *object_segments(const struct object *object, size_t *ret_count)
{
	*ret_count = object->n_segments;
	return object->segments;
}

const Elf64_Shdr *object_sections(const struct object *object, size_t *ret_count)
{
	*ret_count = object->n_sections;
	return object->sections;
}

const char *object_section_name(const struct object *object, const Elf64_Shdr *section)
{
	return section->sh_name < object->names.len ? object->names.at + section->sh_name : "";
}

const Elf64_Shdr *object_section(const struct object *object, const char *name)
{
	for (size_t i = 1; i < object->n_sections; i++)
		if (strcmp(object_section_name(object, &object->sections[i]), name) == 0)
			return &object->sections[i];
	return NULL;
}

/* The executable segment that covers `at` in the field at `offset_of_field`, or any that does. */
static const Elf64_Phdr *covering(const struct object *object, uint64_t at, bool by_vaddr)
{
	const Elf64_Phdr *found = NULL;

	for (size_t i = 0; i < object->n_segments; i++) {
		const Elf64_Phdr *segment = &object->segments[i];
		uint64_t from = by_vaddr ? segment->p_vaddr : segment->p_offset;

		if (segment->p_type != PT_LOAD || at < from || at - from >= segment->p_filesz)
			continue;
		if (segment->p_flags & PF_X)
			return segment;
		if (!found)
			found = segment;
	}
	return found;
}

bool object_offset_to_vaddr(const struct object *object, uint64_t offset, uint64_t *ret_vaddr)
{
	const Elf64_Phdr *segment = covering(object, offset, false);

	if (!segment)
		return false;
	*ret_vaddr = segment->p_vaddr + (offset - segment->p_offset);
	return true;
}

bool object_vaddr_to_offset(const struct object *object, uint64_t vaddr, uint64_t *ret_offset)
{
	const Elf64_Phdr *segment = covering(object, vaddr, true);

	if (!segment)
		return false;
	*ret_offset = segment->p_offset + (vaddr - segment->p_vaddr);
	return true;
}

bool object_bias(const struct object *object, uint64_t start, uint64_t offset, uint64_t *ret_bias)
{
	for (size_t i = 0; i < object->n_segments; i++) {
		const Elf64_Phdr *segment = &object->segments[i];
		uint64_t first = segment->p_offset & ~(uint64_t)(PAGE - 1);

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || offset < first)
			continue;
		/* The last page is mapped whole, however little of it the segment needs. */
		if (offset - first > (segment->p_offset - first + segment->p_filesz) / PAGE * PAGE)
			continue;
		*ret_bias = start - (segment->p_vaddr + (offset - segment->p_offset));
		return true;
	}
	return false;
}
