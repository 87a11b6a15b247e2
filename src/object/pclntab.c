/* pclntab: the table of functions that every Go program carries, stripped or not. */
#include "object/pclntab.h"

#include <string.h>

#define PCLNTAB_SIZE_MAX ((size_t)1 << 28)
#define HEAD 8 /* magic, two zeros, quantum, pointer size */
#define NO_FILE UINT32_MAX
#define SCAN_STEP ((size_t)1 << 20)
#define SCAN_MAX ((uint64_t)1 << 28)
#define VALUES_MAX 1000000u /* runs in one function; a hostile table has them without end */

static bool bytes_at(struct view v, uint64_t offset, void *ret, size_t size)
{
	if (offset > v.len || v.len - offset < size)
		return false;
	memcpy(ret, v.at + offset, size);
	return true;
}

static bool u64_at(struct view v, uint64_t offset, uint64_t *ret)
{
	return bytes_at(v, offset, ret, sizeof(*ret));
}

static bool u32_at(struct view v, uint64_t offset, uint32_t *ret)
{
	return bytes_at(v, offset, ret, sizeof(*ret));
}

/* The bytes from `offset` to the end; false if there are none. */
static bool tail(struct view v, uint64_t offset, struct view *ret)
{
	if (offset >= v.len)
		return false;
	*ret = (struct view){ v.at + offset, v.len - offset };
	return true;
}

static struct view text_at(struct view v, uint64_t offset)
{
	const char *end = offset < v.len ? memchr(v.at + offset, '\0', v.len - offset) : NULL;

	return end ? view_between(v.at + offset, end) : (struct view){ "", 0 };
}

static bool magic_version(struct view head, enum pclntab_version *ret)
{
	static const struct {
		uint32_t magic;
		enum pclntab_version version;
	} known[] = {
		{ 0xfffffffb, PCLNTAB_1_2 },
		{ 0xfffffffa, PCLNTAB_1_16 },
		{ 0xfffffff0, PCLNTAB_1_18 },
		{ 0xfffffff1, PCLNTAB_1_20 },
	};
	uint32_t magic;

	/* Two zeros, a quantum of 1 (x86), pointers of 8 bytes. */
	if (head.len < HEAD || !u32_at(head, 0, &magic) || memcmp(head.at + 4, "\0\0\1\10", 4))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].magic == magic) {
			*ret = known[i].version;
			return true;
		}
	return false;
}

static size_t entry_size(const struct pclntab *table)
{
	return table->version >= PCLNTAB_1_18 ? 8 : 16;
}

/* Go 1.2 to 1.15: one blob; all offsets count from its start. */
static bool parse_1_2(struct pclntab *table, struct view all, uint64_t *ret_count)
{
	uint32_t files;

	if (!u64_at(all, HEAD, ret_count) || *ret_count > all.len / 16)
		return false;
	table->names = table->cu = table->pc_values = all;
	return tail(all, HEAD + 8, &table->functions) &&
	       u32_at(table->functions, *ret_count * 16 + 8, &files) &&
	       tail(all, files, &table->files);
}

static bool parse_1_16(struct pclntab *table, struct view all, uint64_t *ret_count)
{
	struct view *const parts[] = { &table->names, &table->cu, &table->files, &table->pc_values,
		&table->functions };
	uint64_t at = HEAD + 16; /* after the counts of functions and of files */

	if (!u64_at(all, HEAD, ret_count))
		return false;
	if (table->version >= PCLNTAB_1_18) {
		if (!u64_at(all, at, &table->text_start))
			return false;
		at += 8;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t offset;

		if (!u64_at(all, at + 8 * i, &offset) || !tail(all, offset, parts[i]))
			return false;
	}
	return true;
}

static int parse(struct pclntab *table, struct err *err)
{
	struct view all = buf_view(&table->bytes);
	uint64_t count;
	bool ok;

	if (!magic_version(all, &table->version))
		return err_set(err, ERR_CORRUPT, "no known magic number");
	table->quantum = 1;
	ok = table->version == PCLNTAB_1_2 ? parse_1_2(table, all, &count)
					   : parse_1_16(table, all, &count);
	if (!ok || count == 0 || count >= table->functions.len / entry_size(table))
		return err_set(err, ERR_CORRUPT, "its header points outside the table");
	table->n_functions = count;
	return 0;
}

static int read_section(const struct object *object, struct pclntab *table, struct err *err)
{
	static const char *const names[] = { ".gopclntab", ".data.rel.ro.gopclntab" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const Elf64_Shdr *section = object_section(object, names[i]);

		if (!section)
			continue;
		if (section->sh_size > PCLNTAB_SIZE_MAX)
			return err_set(err, ERR_LIMIT, "%s: section %s is larger than %zu bytes",
				object_name(object), names[i], PCLNTAB_SIZE_MAX);
		return object_read_section(object, section, &table->bytes, err);
	}
	return ERR_NOT_FOUND;
}

/* The offset of a header between two offsets of the file; it is aligned to 32 bytes. */
static bool scan(const struct object *object, uint64_t from, uint64_t to, uint64_t *ret)
{
	BUF_AUTO step = { .max = SCAN_STEP };
	enum pclntab_version version;

	for (uint64_t at = from; at < to; at += step.len) {
		size_t len = to - at < SCAN_STEP ? to - at : SCAN_STEP;

		buf_clear(&step);
		if (object_read(object, at, len, &step, NULL) < 0)
			return false;
		for (size_t i = 0; i + HEAD <= len; i += 8) {
			struct view head = { step.at + i, HEAD };

			if (magic_version(head, &version)) {
				*ret = at + i;
				return true;
			}
		}
	}
	return false;
}

/* Without sections (a packer, sstrip) the table is somewhere in a segment that holds data. Only
 * tried then: a program of any other language would be read in vain. */
static int read_segments(const struct object *object, struct pclntab *table, struct err *err)
{
	uint64_t budget = SCAN_MAX, found;
	const Elf64_Phdr *segments;
	size_t n_segments, n_sections;

	object_sections(object, &n_sections);
	segments = object_segments(object, &n_segments);
	for (size_t i = 0; n_sections == 0 && i < n_segments; i++) {
		uint64_t from = segments[i].p_offset, size = segments[i].p_filesz;

		if (segments[i].p_type != PT_LOAD || from >= object_size(object))
			continue;
		if (size > object_size(object) - from)
			size = object_size(object) - from;
		size = size < budget ? size : budget;
		budget -= size;
		if (scan(object, from, from + size, &found))
			return object_read(object, found, from + size - found, &table->bytes, err);
	}
	return err_set(err, ERR_NOT_FOUND, "%s: not a Go program", object_name(object));
}

/* A position-independent program has the address only as a relocation, and Go 1.26 not at all. */
static void find_text_start(const struct object *object, struct pclntab *table)
{
	const Elf64_Shdr *text = object_section(object, ".text");

	if (table->version >= PCLNTAB_1_18 && table->text_start == 0 && text)
		table->text_start = text->sh_addr;
}

int pclntab_open(const struct object *object, struct pclntab *ret, struct err *err)
{
	struct pclntab table = { .bytes.max = PCLNTAB_SIZE_MAX };
	int rc = read_section(object, &table, err);

	if (rc == ERR_NOT_FOUND)
		rc = read_segments(object, &table, err);
	if (rc == 0) {
		rc = parse(&table, err);
		if (rc < 0)
			err_where(err, "%s: Go's table of functions", object_name(object));
	}
	if (rc < 0) {
		pclntab_fini(&table);
		return rc;
	}
	find_text_start(object, &table);
	*ret = table;
	return 0;
}

void pclntab_fini(struct pclntab *table)
{
	buf_fini(&table->bytes);
	*table = (struct pclntab){ 0 };
}

/* Where entry `index` of the function table points; entry n_functions has only an address. */
static bool entry_address(const struct pclntab *table, size_t index, uint64_t *ret)
{
	uint32_t offset;

	if (table->version < PCLNTAB_1_18)
		return u64_at(table->functions, index * 16, ret);
	if (!u32_at(table->functions, index * 8, &offset))
		return false;
	*ret = table->text_start + offset;
	return true;
}

static bool entry_function(const struct pclntab *table, size_t index, struct view *ret)
{
	uint32_t short_offset;
	uint64_t offset;

	if (table->version < PCLNTAB_1_18) {
		if (!u64_at(table->functions, index * 16 + 8, &offset))
			return false;
		return tail(table->version == PCLNTAB_1_2 ? table->names : table->functions, offset,
			ret);
	}
	return u32_at(table->functions, index * 8 + 4, &short_offset) &&
	       tail(table->functions, short_offset, ret);
}

bool pclntab_function(const struct pclntab *table, size_t index, struct pclntab_function *ret)
{
	struct pclntab_function f = { 0 };
	/* After the entry's address the versions agree, up to the fields added one by one. */
	size_t at = table->version < PCLNTAB_1_18 ? 8 : 4;
	struct view bytes;
	uint32_t name;

	if (index >= table->n_functions || !entry_address(table, index, &f.start) ||
		!entry_address(table, index + 1, &f.end) || f.end < f.start ||
		!entry_function(table, index, &bytes))
		return false;
	if (!u32_at(bytes, at, &name) || !u32_at(bytes, at + 12, &f.sp_values) ||
		!u32_at(bytes, at + 16, &f.file_values) || !u32_at(bytes, at + 20, &f.line_values))
		return false;
	f.name = text_at(table->names, name);
	if (table->version >= PCLNTAB_1_16 && !u32_at(bytes, at + 28, &f.cu))
		return false;
	at += 32;
	if (table->version >= PCLNTAB_1_20) {
		if (!u32_at(bytes, at, &f.start_line))
			return false;
		at += 4;
	}
	if (table->version >= PCLNTAB_1_16 &&
		(!bytes_at(bytes, at, &f.id, 1) || !bytes_at(bytes, at + 1, &f.flags, 1)))
		return false;
	*ret = f;
	return true;
}

bool pclntab_find(const struct pclntab *table, uint64_t address, size_t *ret_index)
{
	size_t low = 0, high = table->n_functions;
	uint64_t start;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (!entry_address(table, middle, &start))
			return false;
		if (start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !entry_address(table, low, &start) || address >= start)
		return false;
	*ret_index = low - 1;
	return true;
}

void pclntab_values_start(const struct pclntab *table, const struct pclntab_function *function,
	uint32_t offset, struct pclntab_values *ret)
{
	*ret = (struct pclntab_values){
		.start = function->start, .end = function->start, .value = -1, .first = true
	};
	if (offset)
		tail(table->pc_values, offset, &ret->rest);
}

static bool take_varint(struct view *rest, uint32_t *ret)
{
	uint32_t value = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		uint8_t byte;

		if (!bytes_at(*rest, 0, &byte, 1))
			return false;
		*rest = (struct view){ rest->at + 1, rest->len - 1 };
		if (shift < 32)
			value |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = value;
			return true;
		}
	}
	return false;
}

bool pclntab_values_next(const struct pclntab *table, struct pclntab_values *values)
{
	uint32_t delta, bytes;

	if (!take_varint(&values->rest, &delta) || (delta == 0 && !values->first) ||
		!take_varint(&values->rest, &bytes)) {
		values->rest.len = 0;
		return false;
	}
	/* Zigzag; the sum wraps around, as it does in Go. */
	delta = delta & 1 ? ~(delta >> 1) : delta >> 1;
	values->value = (int32_t)((uint32_t)values->value + delta);
	values->start = values->end;
	values->end += (uint64_t)bytes * table->quantum;
	values->first = false;
	return true;
}

bool pclntab_value(const struct pclntab *table, const struct pclntab_function *function,
	uint32_t offset, uint64_t address, int32_t *ret)
{
	struct pclntab_values values;

	pclntab_values_start(table, function, offset, &values);
	for (unsigned n = 0; n < VALUES_MAX && pclntab_values_next(table, &values); n++)
		if (address >= values.start && address < values.end) {
			*ret = values.value;
			return true;
		}
	return false;
}

static struct view file_name(
	const struct pclntab *table, const struct pclntab_function *function, int32_t number)
{
	uint32_t offset;

	if (table->version == PCLNTAB_1_2) {
		if (number <= 0 || !u32_at(table->files, 4 * (uint64_t)number, &offset))
			return VIEW("");
		return text_at(table->names, offset);
	}
	if (number < 0 ||
		!u32_at(table->cu, 4 * ((uint64_t)function->cu + (uint64_t)number), &offset) ||
		offset == NO_FILE)
		return VIEW("");
	return text_at(table->files, offset);
}

bool pclntab_line(const struct pclntab *table, const struct pclntab_function *function,
	uint64_t address, struct view *ret_file, uint32_t *ret_line)
{
	int32_t file, line;

	if (!pclntab_value(table, function, function->line_values, address, &line) || line < 0 ||
		!pclntab_value(table, function, function->file_values, address, &file))
		return false;
	*ret_file = file_name(table, function, file);
	*ret_line = (uint32_t)line;
	return ret_file->len > 0;
}
