/* object_build_id: the linker's name for exactly this build, from the notes. */
#include <string.h>

#include "object/object_impl.h"

#define NOTES_MAX ((size_t)1 << 20) /* bytes of one note section or segment */
#define NOTES_COUNT_MAX 64          /* real files have about three */
#define NT_GO_BUILD_ID 4

static size_t padded(size_t len, size_t align)
{
	return (len + align - 1) & ~(align - 1);
}

/* Cuts one note off *rest; false at the end or where it is malformed. */
static bool take_note(struct view *rest, Elf64_Nhdr *ret, struct view *ret_name,
	struct view *ret_value, size_t align)
{
	size_t name_len, value_len;

	if (rest->len < sizeof(*ret))
		return false;
	memcpy(ret, rest->at, sizeof(*ret));
	*rest = view_between(rest->at + sizeof(*ret), view_end(*rest));
	name_len = padded(ret->n_namesz, align);
	value_len = padded(ret->n_descsz, align);
	if (name_len > rest->len || ret->n_descsz > rest->len - name_len)
		return false;
	*ret_name = (struct view){ rest->at, ret->n_namesz };
	*ret_value = (struct view){ rest->at + name_len, ret->n_descsz };
	if (value_len > rest->len - name_len)
		value_len = rest->len - name_len;
	*rest = view_between(rest->at + name_len + value_len, view_end(*rest));
	return true;
}

static void set(struct object *object, struct view id)
{
	memcpy(object->build_id, id.at, id.len);
	object->build_id_len = id.len;
}

/* True once GNU's is found; Go's is kept only until then. */
static bool search(struct object *object, struct view notes, size_t align)
{
	struct view name, value;
	Elf64_Nhdr note;

	while (take_note(&notes, &note, &name, &value, align)) {
		if (value.len == 0 || value.len > OBJECT_BUILD_ID_MAX)
			continue;
		if (note.n_type == NT_GNU_BUILD_ID && view_equal(name, VIEW("GNU\0"))) {
			set(object, value);
			return true;
		}
		if (note.n_type == NT_GO_BUILD_ID && view_equal(name, VIEW("Go\0\0")))
			set(object, value);
	}
	return false;
}

static bool search_range(struct object *object, uint64_t offset, uint64_t len, uint64_t align)
{
	BUF_AUTO notes = { .max = NOTES_MAX };

	if (len > NOTES_MAX || object_read(object, offset, len, &notes, NULL) < 0)
		return false;
	return search(object, buf_view(&notes), align == 8 ? 8 : 4);
}

void object_build_id_find(struct object *object)
{
	bool found = false;
	int budget = NOTES_COUNT_MAX;

	for (size_t i = 0; i < object->n_segments && !found && budget; i++) {
		const Elf64_Phdr *segment = &object->segments[i];

		if (segment->p_type == PT_NOTE && budget--)
			found = search_range(
				object, segment->p_offset, segment->p_filesz, segment->p_align);
	}
	/* Files of debug data keep their notes in sections; the segments may point nowhere. */
	for (size_t i = 0; i < object->n_sections && !found && budget; i++) {
		const Elf64_Shdr *section = &object->sections[i];

		if (section->sh_type == SHT_NOTE && budget--)
			found = search_range(object, section->sh_offset, section->sh_size,
				section->sh_addralign);
	}
}

struct view object_build_id(const struct object *object)
{
	return (struct view){ object->build_id, object->build_id_len };
}

void object_build_id_hex(const struct object *object, struct buf *out)
{
	for (size_t i = 0; i < object->build_id_len; i++)
		buf_add_format(out, "%02x", (unsigned char)object->build_id[i]);
}
