/* debugfile: the file that holds what was stripped off an object. */
#include "symbol/debugfile.h"

#include <limits.h>
#include <lzma.h>
#include <sys/stat.h>

#include "object/object.h"

#define CRC_STEP ((size_t)1 << 20)
#define MINI_MEMORY_MAX ((uint64_t)128 << 20)
#define CANDIDATES 4

struct candidate {
	struct buf path;
	bool by_link; /* check the sum, not the build id */
};

struct candidates {
	struct candidate at[CANDIDATES];
	size_t n;
	uint32_t crc;
};

static void candidates_fini(struct candidates *all)
{
	for (size_t i = 0; i < all->n; i++)
		buf_fini(&all->at[i].path);
}

static struct buf *add_candidate(struct candidates *all, bool by_link)
{
	struct candidate *new = &all->at[all->n++];

	*new = (struct candidate){ .by_link = by_link };
	buf_init(&new->path, PATH_MAX);
	return &new->path;
}

static void add_by_build_id(struct candidates *all, const struct object *object, const char *dir)
{
	BUF_AUTO hex = { 0 };
	struct buf *path;

	if (object_build_id(object).len < 2)
		return;
	object_build_id_hex(object, &hex);
	if (hex.len < 4)
		return;
	path = add_candidate(all, false);
	buf_add_format(
		path, "%s/.build-id/%.2s/%.*s.debug", dir, hex.at, (int)hex.len - 2, hex.at + 2);
}

/* name\0, padded to 4 bytes, then the sum. A name must stay in its folder. */
static bool read_link(const struct object *object, struct buf *bytes, uint32_t *ret_crc)
{
	const Elf64_Shdr *section = object_section(object, ".gnu_debuglink");
	size_t name_len, at;

	if (!section || section->sh_size > NAME_MAX + 8 ||
		object_read_section(object, section, bytes, NULL) < 0)
		return false;
	name_len = strnlen(bytes->at, bytes->len);
	at = (name_len + 4) & ~(size_t)3;
	if (name_len == 0 || at + 4 > bytes->len || memchr(bytes->at, '/', name_len))
		return false;
	memcpy(ret_crc, bytes->at + at, sizeof(*ret_crc));
	return true;
}

static void add_by_link(struct candidates *all, const struct object *object, const char *dir)
{
	BUF_AUTO link = { 0 };
	const char *name = object_name(object), *slash = strrchr(name, '/');
	int folder_len = slash ? (int)(slash - name) : 0;

	if (!slash || slash - name > PATH_MAX || !read_link(object, &link, &all->crc))
		return;
	buf_add_format(add_candidate(all, true), "%.*s/%s", folder_len, name, link.at);
	buf_add_format(add_candidate(all, true), "%.*s/.debug/%s", folder_len, name, link.at);
	buf_add_format(add_candidate(all, true), "%s%.*s/%s", dir, folder_len, name, link.at);
}

/* A debug file may have the object's own name, in another folder. */
static bool is_itself(const struct object *object, const char *path)
{
	struct stat a, b;

	return object_fd(object) >= 0 && fstat(object_fd(object), &a) == 0 && stat(path, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The paths are NUL-terminated; those too long are dropped. */
static void list(struct candidates *all, const struct object *object, const char *dir)
{
	size_t n = 0;

	*all = (struct candidates){ 0 };
	add_by_build_id(all, object, dir);
	add_by_link(all, object, dir);
	for (size_t i = 0; i < all->n; i++) {
		struct candidate *one = &all->at[i];

		buf_add_char(&one->path, '\0');
		if (one->path.failed || is_itself(object, one->path.at))
			buf_fini(&one->path);
		else
			all->at[n++] = *one;
	}
	all->n = n;
}

bool debugfile_find(const struct object *object, const char *debug_dir, struct buf *ret_path)
{
	struct candidates all;
	struct stat st;
	bool found = false;

	list(&all, object, debug_dir);
	for (size_t i = 0; !found && i < all.n; i++) {
		found = stat(all.at[i].path.at, &st) == 0 && S_ISREG(st.st_mode);
		if (found)
			buf_add_text(ret_path, all.at[i].path.at);
	}
	candidates_fini(&all);
	return found;
}

static bool sum_matches(const struct object *object, uint32_t wanted)
{
	BUF_AUTO bytes = { 0 };
	uint64_t left = object_size(object), at = 0;
	uint32_t crc = 0;

	if (left > DEBUGFILE_CRC_MAX)
		return false;
	for (; left; at += bytes.len, left -= bytes.len) {
		buf_clear(&bytes);
		if (object_read(object, at, left < CRC_STEP ? (size_t)left : CRC_STEP, &bytes,
			    NULL) < 0)
			return false;
		crc = lzma_crc32((const uint8_t *)bytes.at, bytes.len, crc);
	}
	return crc == wanted;
}

static bool matches(const struct candidate *one, const struct object *debug,
	const struct object *object, uint32_t crc)
{
	struct view id = object_build_id(object), debug_id = object_build_id(debug);

	/* A matching build id says as much as the sum, without reading the file. */
	if (id.len && debug_id.len)
		return view_equal(id, debug_id);
	return one->by_link && sum_matches(debug, crc);
}

int debugfile_open(
	const struct object *object, const char *debug_dir, struct object **ret, struct err *err)
{
	struct candidates all;
	struct object *debug = NULL;

	list(&all, object, debug_dir);
	for (size_t i = 0; !debug && i < all.n; i++) {
		if (object_open(all.at[i].path.at, &debug, NULL) < 0) {
			debug = NULL;
		} else if (!matches(&all.at[i], debug, object, all.crc)) {
			object_unref(debug);
			debug = NULL;
		}
	}
	candidates_fini(&all);
	if (!debug)
		return err_set(
			err, ERR_NOT_FOUND, "%s: no debug file matches it", object_name(object));
	*ret = debug;
	return 0;
}

/* Unpacked in steps, so that what little data says it holds costs nothing until it is there. */
static int unpack(struct view packed, struct buf *ret)
{
	lzma_stream xz = LZMA_STREAM_INIT;
	lzma_ret rc = lzma_stream_decoder(&xz, MINI_MEMORY_MAX, 0);

	xz.next_in = (const uint8_t *)packed.at;
	xz.avail_in = packed.len;
	while (rc == LZMA_OK) {
		char *room = buf_reserve(ret, CRC_STEP);

		if (!room)
			break;
		xz.next_out = (uint8_t *)room;
		xz.avail_out = CRC_STEP;
		rc = lzma_code(&xz, LZMA_FINISH);
		ret->len += CRC_STEP - xz.avail_out;
	}
	lzma_end(&xz);
	return rc == LZMA_STREAM_END ? 0 : ret->failed ? ERR_LIMIT : ERR_CORRUPT;
}

int debugfile_open_mini(const struct object *object, struct object **ret, struct err *err)
{
	const Elf64_Shdr *section = object_section(object, ".gnu_debugdata");
	BUF_AUTO packed = { 0 };
	BUF_AUTO image = { .max = DEBUGFILE_MINI_MAX };
	int rc;

	if (!section)
		return err_set(err, ERR_NOT_FOUND, "%s: no .gnu_debugdata", object_name(object));
	rc = object_read_section(object, section, &packed, err);
	if (rc < 0)
		return rc;
	rc = unpack(buf_view(&packed), &image);
	if (rc < 0)
		return err_set(err, rc, "%s: .gnu_debugdata does not unpack", object_name(object));
	return object_open_memory(buf_view(&image), object_name(object), ret, err);
}
