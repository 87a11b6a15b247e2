/* gonames: functions, inlined functions, files and lines of a Go program, stripped or not. */
#include "symbol/gonames.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "object/object.h"
#include "object/pclntab.h"

#define FUNCDATA_INLINE_TREE 3
#define PCDATA_INLINE_INDEX 2
#define MODULE_SCAN_MAX ((size_t)64 << 20)

struct gonames {
	struct pclntab table;
	struct buf data; /* what go.func.* points to, up to the end of its section; may be empty */
};

static bool u32_at(struct view v, uint64_t at, uint32_t *ret)
{
	if (at > v.len || v.len - at < sizeof(*ret))
		return false;
	memcpy(ret, v.at + at, sizeof(*ret));
	return true;
}

static bool u64_at(struct view v, uint64_t at, uint64_t *ret)
{
	if (at > v.len || v.len - at < sizeof(*ret))
		return false;
	memcpy(ret, v.at + at, sizeof(*ret));
	return true;
}

/* moduledata's fields that we need: the table, its names (the next field), and go.func.*. */
struct module_shape {
	uint64_t table, names; /* what the first two must hold */
	uint64_t data_at;      /* where the third is */
};

static bool shape_of(
	const struct gonames *names, const struct object *object, struct module_shape *ret)
{
	const Elf64_Shdr *section = object_section(object, ".gopclntab");

	if (!section)
		section = object_section(object, ".data.rel.ro.gopclntab");
	if (!section || names->table.version < PCLNTAB_1_18)
		return false;
	*ret = (struct module_shape){ .table = section->sh_addr,
		.names = section->sh_addr +
			 (uint64_t)(names->table.names.at - names->table.bytes.at),
		.data_at = names->table.version == PCLNTAB_1_18 ? 304 : 320 };
	return true;
}

/* The address of go.func.* by the pointers in a section of data, or 0. */
static uint64_t search_data(
	const struct object *object, const Elf64_Shdr *section, const struct module_shape *shape)
{
	BUF_AUTO bytes = { .max = MODULE_SCAN_MAX };
	uint64_t table, names, found;

	if (section->sh_size > MODULE_SCAN_MAX ||
		object_read_section(object, section, &bytes, NULL) < 0)
		return 0;
	for (size_t at = 0; u64_at(buf_view(&bytes), at, &table); at += 8)
		if (table == shape->table && u64_at(buf_view(&bytes), at + 8, &names) &&
			names == shape->names &&
			u64_at(buf_view(&bytes), at + shape->data_at, &found))
			return found;
	return 0;
}

/* The same in a position-independent program, where relocations hold the pointers. */
static uint64_t search_relocations(
	const struct object *object, const Elf64_Shdr *section, const struct module_shape *shape)
{
	BUF_AUTO bytes = { 0 };
	MAP_AUTO value_of = { 0 };
	size_t cursor = 0;
	struct map_slot *slot;

	if (object_read_section(object, section, &bytes, NULL) < 0)
		return 0;
	for (size_t at = 0; at + sizeof(Elf64_Rela) <= bytes.len; at += sizeof(Elf64_Rela)) {
		Elf64_Rela rela;
		uint64_t *value;

		memcpy(&rela, bytes.at + at, sizeof(rela));
		value = ELF64_R_TYPE(rela.r_info) == R_X86_64_RELATIVE
				? map_add(&value_of, rela.r_offset, NULL)
				: NULL;
		if (value)
			*value = (uint64_t)rela.r_addend;
	}
	while ((slot = map_next(&value_of, &cursor))) {
		const uint64_t *next = map_find(&value_of, slot->key + 8);
		const uint64_t *found = map_find(&value_of, slot->key + shape->data_at);

		if (slot->value == shape->table && next && *next == shape->names && found)
			return *found;
	}
	return 0;
}

static uint64_t find_data(const struct gonames *names, const struct object *object)
{
	struct module_shape shape;
	const Elf64_Shdr *sections;
	uint64_t found = 0;
	size_t n;

	if (!shape_of(names, object, &shape))
		return 0;
	sections = object_sections(object, &n);
	for (size_t i = 0; !found && i < n; i++)
		if (sections[i].sh_type == SHT_RELA)
			found = search_relocations(object, &sections[i], &shape);
		else if (sections[i].sh_type == SHT_PROGBITS && (sections[i].sh_flags & SHF_WRITE))
			found = search_data(object, &sections[i], &shape);
	return found;
}

static void read_data(struct gonames *names, const struct object *object)
{
	uint64_t address = find_data(names, object);
	const Elf64_Shdr *sections;
	size_t n;

	sections = object_sections(object, &n);
	for (size_t i = 0; address && i < n; i++) {
		const Elf64_Shdr *section = &sections[i];
		uint64_t into = address - section->sh_addr, size;

		if (section->sh_type != SHT_PROGBITS || !(section->sh_flags & SHF_ALLOC) ||
			address < section->sh_addr || into >= section->sh_size)
			continue;
		size = section->sh_size - into;
		if (size <= GONAMES_DATA_MAX && object_read(object, section->sh_offset + into,
							(size_t)size, &names->data, NULL) < 0)
			buf_clear(&names->data);
		return;
	}
}

int gonames_open(const struct object *object, struct gonames **ret, struct err *err)
{
	struct gonames *names = calloc(1, sizeof(*names));
	int rc;

	if (!names)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = pclntab_open(object, &names->table, err);
	if (rc < 0) {
		free(names);
		return rc;
	}
	read_data(names, object);
	*ret = names;
	return 0;
}

void gonames_free(struct gonames *names)
{
	if (!names)
		return;
	pclntab_fini(&names->table);
	buf_fini(&names->data);
	free(names);
}

size_t gonames_bytes(const struct gonames *names)
{
	return sizeof(*names) + names->table.bytes.cap + names->data.cap;
}

/* A function's tree of inlined calls, and the table that says where in it an address is. */
struct inlining {
	struct view tree;
	uint32_t index_values; /* 0 = nothing is inlined */
};

/* The tail of a function's record: … pc data offsets u32[], function data offsets u32[]. */
static void find_inlining(const struct gonames *names, size_t index, struct inlining *ret)
{
	const struct pclntab *table = &names->table;
	uint64_t arrays = table->version >= PCLNTAB_1_20 ? 44 : 40;
	uint32_t at, n_pc, tree;
	struct view f;

	*ret = (struct inlining){ 0 };
	if (names->data.len == 0 || !u32_at(table->functions, 8 * (uint64_t)index + 4, &at) ||
		at >= table->functions.len)
		return;
	f = view_between(table->functions.at + at, view_end(table->functions));
	if (f.len < arrays || !u32_at(f, 28, &n_pc) || n_pc <= PCDATA_INLINE_INDEX ||
		(uint8_t)f.at[arrays - 1] <= FUNCDATA_INLINE_TREE)
		return;
	if (!u32_at(f, arrays + 4 * (uint64_t)n_pc + 4 * FUNCDATA_INLINE_TREE, &tree) ||
		tree >= names->data.len ||
		!u32_at(f, arrays + 4 * PCDATA_INLINE_INDEX, &ret->index_values))
		return;
	ret->tree = (struct view){ names->data.at + tree, names->data.len - tree };
}

static struct view text_at(struct view texts, uint64_t at)
{
	const char *end = at < texts.len ? memchr(texts.at + at, '\0', texts.len - at) : NULL;

	return end ? view_between(texts.at + at, end) : (struct view){ "", 0 };
}

/* The inlined call at an address: its name, and where in the function around it it stands. */
static bool inlined_at(const struct gonames *names, const struct pclntab_function *function,
	const struct inlining *inlining, uint64_t *address, struct gonames_frame *ret)
{
	bool is_new = names->table.version >= PCLNTAB_1_20;
	uint32_t name, parent, start_line = 0;
	uint64_t at;
	int32_t index;

	if (!inlining->index_values ||
		!pclntab_value(&names->table, function, inlining->index_values, *address, &index) ||
		index < 0)
		return false;
	at = (uint64_t)index * (is_new ? 16 : 20);
	if (!u32_at(inlining->tree, at + (is_new ? 4 : 12), &name) ||
		!u32_at(inlining->tree, at + (is_new ? 8 : 16), &parent) ||
		(is_new && !u32_at(inlining->tree, at + 12, &start_line)))
		return false;
	ret->name = text_at(names->table.names, name);
	ret->start_line = start_line <= INT32_MAX ? start_line : 0;
	*address = function->start + parent;
	return ret->name.len > 0 && *address < function->end;
}

static void add_line(const struct gonames *names, const struct pclntab_function *function,
	uint64_t address, struct gonames_frame *frame)
{
	if (!pclntab_line(&names->table, function, address, &frame->file, &frame->line))
		frame->line = 0;
}

size_t gonames_find(const struct gonames *names, uint64_t address,
	struct gonames_frame ret[GONAMES_INLINED_MAX])
{
	struct pclntab_function function;
	struct inlining inlining;
	size_t index, n = 0;

	if (!pclntab_find(&names->table, address, &index) ||
		!pclntab_function(&names->table, index, &function) || function.name.len == 0)
		return 0;
	find_inlining(names, index, &inlining);
	for (; n < GONAMES_INLINED_MAX - 1; n++) {
		uint64_t here = address;

		ret[n] = (struct gonames_frame){ 0 };
		if (!inlined_at(names, &function, &inlining, &address, &ret[n]))
			break;
		add_line(names, &function, here, &ret[n]);
	}
	ret[n] = (struct gonames_frame){ .name = function.name, .start_line = function.start_line };
	add_line(names, &function, address, &ret[n]);
	return n + 1;
}
