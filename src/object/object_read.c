/* object_read: bytes of an ELF file and of its sections, unzipped where need be. */
#include <libdeflate.h>
#include <string.h>
#include <zstd.h>

#include "base/disk.h"
#include "object/object_impl.h"

/* Deflate cannot do better than 1032:1; a header that promises more lies. */
#define INFLATE_RATIO_MAX 1040u
#define INFLATE_SLACK 4096u

int object_read_into(
	const struct object *object, void *into, size_t len, uint64_t offset, struct err *err)
{
	if (len == 0)
		return 0;
	if (offset > object->size || len > object->size - offset)
		return err_set(err, ERR_CORRUPT,
			"%zu bytes at offset %llu lie outside a file of %llu bytes", len,
			(unsigned long long)offset, (unsigned long long)object->size);
	if (object->fd >= 0)
		return disk_read_at(object->fd, into, len, offset, err);
	memcpy(into, object->image.at + offset, len);
	return 0;
}

int object_read(
	const struct object *object, uint64_t offset, size_t len, struct buf *ret, struct err *err)
{
	char *room;
	int rc;

	if (offset > object->size || len > object->size - offset)
		return object_read_into(object, NULL, len, offset, err); /* before any allocation */
	room = len ? buf_reserve(ret, len) : NULL;
	if (len && !room)
		return err_set(err, ERR_NOMEM, "no memory for %zu bytes of the file", len);
	rc = object_read_into(object, room, len, offset, err);
	if (rc == 0)
		ret->len += len;
	return rc;
}

static int inflate_zlib(struct view packed, char *room, size_t len, struct err *err)
{
	struct libdeflate_decompressor *tool = libdeflate_alloc_decompressor();
	enum libdeflate_result result;

	if (!tool)
		return err_set(err, ERR_NOMEM, "out of memory");
	result = libdeflate_zlib_decompress(tool, packed.at, packed.len, room, len, NULL);
	libdeflate_free_decompressor(tool);
	return result == LIBDEFLATE_SUCCESS
		       ? 0
		       : err_set(err, ERR_CORRUPT, "a compressed section does not unpack");
}

static int inflate_zstd(struct view packed, char *room, size_t len, struct err *err)
{
	size_t got = ZSTD_decompress(room, len, packed.at, packed.len);

	return !ZSTD_isError(got) && got == len
		       ? 0
		       : err_set(err, ERR_CORRUPT, "a compressed section does not unpack");
}

static int unpack(struct view bytes, struct buf *ret, struct err *err)
{
	Elf64_Chdr header;
	struct view packed;
	char *room;
	int rc;

	if (bytes.len < sizeof(header))
		return err_set(err, ERR_CORRUPT, "a compressed section is too short");
	memcpy(&header, bytes.at, sizeof(header));
	packed = view_between(bytes.at + sizeof(header), view_end(bytes));
	if (header.ch_size == 0)
		return 0;
	if (header.ch_size > OBJECT_SECTION_SIZE_MAX ||
		header.ch_size > packed.len * INFLATE_RATIO_MAX + INFLATE_SLACK)
		return err_set(err, ERR_LIMIT, "a compressed section claims to hold %llu bytes",
			(unsigned long long)header.ch_size);
	room = buf_reserve(ret, header.ch_size);
	if (!room)
		return err_set(err, ERR_NOMEM, "no memory for a section of %llu bytes",
			(unsigned long long)header.ch_size);
	if (header.ch_type == ELFCOMPRESS_ZLIB)
		rc = inflate_zlib(packed, room, header.ch_size, err);
	else if (header.ch_type == 2) /* ELFCOMPRESS_ZSTD, younger than this <elf.h> */
		rc = inflate_zstd(packed, room, header.ch_size, err);
	else
		rc = err_set(err, ERR_UNSUPPORTED, "a section is compressed by method %u",
			header.ch_type);
	if (rc == 0)
		ret->len += header.ch_size;
	return rc;
}

int object_read_section(
	const struct object *object, const Elf64_Shdr *section, struct buf *ret, struct err *err)
{
	BUF_AUTO packed = { .max = OBJECT_SECTION_SIZE_MAX };
	int rc;

	if (section->sh_type == SHT_NOBITS || section->sh_type == SHT_NULL)
		return err_set(err, ERR_NOT_FOUND, "%s: section %s has no bytes in this file",
			object->name, object_section_name(object, section));
	if (section->sh_size > OBJECT_SECTION_SIZE_MAX)
		rc = err_set(err, ERR_LIMIT, "%llu bytes; the limit is %zu",
			(unsigned long long)section->sh_size, OBJECT_SECTION_SIZE_MAX);
	else if (!(section->sh_flags & SHF_COMPRESSED))
		rc = object_read(object, section->sh_offset, section->sh_size, ret, err);
	else
		rc = object_read(object, section->sh_offset, section->sh_size, &packed, err);
	if (rc == 0 && section->sh_flags & SHF_COMPRESSED)
		rc = unpack(buf_view(&packed), ret, err);
	if (rc < 0)
		err_where(
			err, "%s: section %s", object->name, object_section_name(object, section));
	return rc;
}
