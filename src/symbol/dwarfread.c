/* dwarfread: file, line and inlined functions of addresses, by libdw. */
#include "symbol/dwarfread.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "symbol/dwarfreply.h"

#define DEPTH_MAX 256
#define SCOPE_MAX 4096 /* bytes of "outer::inner::" */
#define FLUSH_AT ((size_t)64 << 10)

/* The functions at one address, outermost first: a subprogram, then what is inlined in it. */
struct chain {
	Dwarf_Die dies[DWARFREPLY_INLINED_MAX];
	unsigned n;
};

/* The entry that the walk is in, and the scopes around it: "outer::(anonymous namespace)::". */
struct path {
	Dwarf_Die dies[DEPTH_MAX];
	size_t scope_len[DEPTH_MAX]; /* of the part that is around dies[i] */
	char scope[SCOPE_MAX];
};

struct reader {
	const uint64_t *addresses;
	size_t n;
	const struct dwarfread_sink *sink;
	struct buf *out;         /* the sink's */
	struct map string_of;    /* hash -> number */
	struct map qualified_of; /* place of a function's entry -> string, where only we can tell */
	uint32_t n_strings;

	/* one unit at a time */
	Dwarf_Die unit, split; /* split: where the functions are; the unit itself if not split */
	size_t *hits;          /* owned; indexes into addresses, ascending */
	struct chain *chains;  /* owned; one a hit */
	size_t n_hits, cap_hits, cap_chains;

	/* Large, and not to be cleared for every entry. */
	struct path path;
	char qualified[SCOPE_MAX + DWARFREPLY_TEXT_MAX];
};

static void put_u32(struct reader *r, uint32_t number)
{
	buf_add(r->out, &number, sizeof(number));
}

/* Strings are told apart by a 64-bit hash: a clash shows a wrong name in a picture, no more. */
static uint32_t put_string(struct reader *r, const char *text)
{
	struct view v = { text, text ? strnlen(text, DWARFREPLY_TEXT_MAX) : 0 };
	uint64_t *number;

	if (v.len == 0)
		return 0;
	number = map_add(&r->string_of, hash_view(v), NULL);
	if (!number)
		return 0;
	if (!*number) {
		*number = ++r->n_strings;
		buf_add_char(r->out, 'S');
		put_u32(r, (uint32_t)v.len);
		buf_add_view(r->out, v);
	}
	return (uint32_t)*number;
}

/* The first hit at or after the address. */
static size_t first_at(const struct reader *r, uint64_t address)
{
	size_t low = 0, high = r->n_hits;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->addresses[r->hits[middle]] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t address_at(const struct reader *r, uint64_t address)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->addresses[middle] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool add_hit(struct reader *r, size_t index)
{
	if (r->n_hits && r->hits[r->n_hits - 1] >= index) {
		for (size_t i = 0; i < r->n_hits; i++)
			if (r->hits[i] == index)
				return true;
	}
	if (!VEC_FITS(r->hits, r->cap_hits, r->n_hits + 1) ||
		!VEC_FITS(r->chains, r->cap_chains, r->n_hits + 1))
		return false;
	r->hits[r->n_hits++] = index;
	return true;
}

static int by_index(const void *left, const void *right)
{
	const size_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Which of the addresses the unit covers. */
static void find_hits(struct reader *r)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;

	r->n_hits = 0;
	while ((at = dwarf_ranges(&r->unit, at, &base, &start, &end)) > 0)
		for (size_t i = address_at(r, start); i < r->n && r->addresses[i] < end; i++)
			if (!add_hit(r, i))
				return;
	if (r->n_hits)
		qsort(r->hits, r->n_hits, sizeof(*r->hits), by_index);
	for (size_t i = 0; i < r->n_hits; i++)
		r->chains[i].n = 0;
}

/* Adds the function to the chain of each hit it covers; says whether there is one. What is not
 * inlined begins a chain: assembly code has an entry for each alias of a function. */
static bool take_function(struct reader *r, Dwarf_Die *die)
{
	bool begins = dwarf_tag(die) == DW_TAG_subprogram, found = false;
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &start, &end)) > 0)
		for (size_t i = first_at(r, start); i < r->n_hits && r->addresses[r->hits[i]] < end;
			i++) {
			struct chain *chain = &r->chains[i];

			found = true;
			if (begins)
				chain->n = 0;
			if (chain->n < DWARFREPLY_INLINED_MAX &&
				(chain->n == 0 || chain->dies[chain->n - 1].addr != die->addr))
				chain->dies[chain->n++] = *die;
		}
	return found;
}

static bool has_hit(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &start, &end)) > 0) {
		size_t i = first_at(r, start);

		if (i < r->n_hits && r->addresses[r->hits[i]] < end)
			return true;
	}
	return false;
}

/* Whether functions that we look for may be inside the entry. */
static bool enters(struct reader *r, Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
	case DW_TAG_inlined_subroutine:
		return take_function(r, die);
	case DW_TAG_lexical_block:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return has_hit(r, die);
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		return true;
	default:
		return false;
	}
}

static size_t enter_scope(struct path *path, int depth)
{
	Dwarf_Die *die = &path->dies[depth];
	size_t len = path->scope_len[depth];
	const char *name = dwarf_diename(die);
	int added;

	switch (dwarf_tag(die)) {
	case DW_TAG_namespace:
		if (!name)
			name = "(anonymous namespace)";
		break;
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		break;
	default:
		return len;
	}
	if (!name)
		return len;
	added = snprintf(path->scope + len, SCOPE_MAX - len, "%.512s::", name);
	return len + (size_t)added < SCOPE_MAX ? len + (size_t)added : len;
}

/* Functions of one file only (static, in an anonymous namespace) have no linkage name, and where
 * they are inlined not even a symbol: remember what surrounds them. */
static void qualify(struct reader *r, int depth)
{
	struct path *path = &r->path;
	Dwarf_Die *die = &path->dies[depth];
	const char *name;
	uint64_t *string;

	if (path->scope_len[depth] == 0 || dwarf_tag(die) != DW_TAG_subprogram ||
		dwarf_hasattr_integrate(die, DW_AT_linkage_name))
		return;
	name = dwarf_diename(die);
	string = name ? map_add(&r->qualified_of, (uintptr_t)die->addr, NULL) : NULL;
	if (!string)
		return;
	snprintf(r->qualified, sizeof(r->qualified), "%.*s%s", (int)path->scope_len[depth],
		path->scope, name);
	*string = put_string(r, r->qualified);
}

/* Depth first, with a stack of our own. */
static void walk(struct reader *r)
{
	struct path *path = &r->path;
	int depth = 0;

	path->scope_len[0] = 0;
	if (dwarf_child(&r->split, &path->dies[0]) != 0)
		return;
	while (depth >= 0) {
		Dwarf_Die *die = &path->dies[depth];
		bool enter = enters(r, die);

		qualify(r, depth);
		if (enter && depth + 1 < DEPTH_MAX && dwarf_haschildren(die) > 0 &&
			dwarf_child(die, &path->dies[depth + 1]) == 0) {
			path->scope_len[depth + 1] = enter_scope(path, depth);
			depth++;
			continue;
		}
		while (depth >= 0 && dwarf_siblingof(&path->dies[depth], &path->dies[depth]) != 0)
			depth--;
	}
}

/* The number of the qualified name of a function: of its own entry, of the one it is a copy of, or
 * of that one's declaration inside its scope; 0 if none has any. */
static uint32_t qualified(struct reader *r, const Dwarf_Die *function)
{
	Dwarf_Die die = *function;

	for (int hops = 0; hops < 4; hops++) {
		const uint64_t *string = map_find(&r->qualified_of, (uintptr_t)die.addr);
		Dwarf_Attribute attribute;

		if (string)
			return (uint32_t)*string;
		if ((!dwarf_attr(&die, DW_AT_abstract_origin, &attribute) &&
			    !dwarf_attr(&die, DW_AT_specification, &attribute)) ||
			!dwarf_formref_die(&attribute, &die))
			break;
	}
	return 0;
}

static uint32_t number_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;

	if (!dwarf_attr(die, name, &attribute) || dwarf_formudata(&attribute, &number) != 0 ||
		number > INT32_MAX)
		return 0;
	return (uint32_t)number;
}

static const char *call_file(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Files *files;
	size_t n;

	if (dwarf_getsrcfiles(&r->split, &files, &n) != 0)
		return NULL;
	return dwarf_filesrc(files, number_of(die, DW_AT_call_file), NULL, NULL);
}

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	if (!dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) &&
		!dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute))
		return NULL;
	return dwarf_formstring(&attribute);
}

/* Where execution is: in the innermost function by the line table, in those around it at the call.
 */
static void put_frames(struct reader *r, size_t hit)
{
	const struct chain *chain = &r->chains[hit];
	unsigned n = chain->n ? chain->n : 1;
	uint32_t words[DWARFREPLY_INLINED_MAX][5] = { 0 };
	Dwarf_Line *line = dwarf_getsrc_die(&r->unit, r->addresses[r->hits[hit]]);
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number = 0;

	if (line && dwarf_lineno(line, &number) != 0)
		number = 0;
	if (!file && chain->n == 0)
		return;
	for (unsigned i = 0; i < n; i++) {
		Dwarf_Die *die = (Dwarf_Die *)&chain->dies[chain->n - 1 - i];
		int start = 0;

		words[i][2] = put_string(r, file);
		words[i][3] = number > 0 ? (uint32_t)number : 0;
		if (chain->n == 0)
			break;
		words[i][0] = qualified(r, die);
		if (!words[i][0])
			words[i][0] = put_string(r, dwarf_diename(die));
		words[i][1] = put_string(r, linkage_name(die));
		words[i][4] = dwarf_decl_line(die, &start) == 0 && start > 0 ? (uint32_t)start : 0;
		file = call_file(r, die);
		number = (int)number_of(die, DW_AT_call_line);
	}
	buf_add_char(r->out, 'A');
	put_u32(r, (uint32_t)r->hits[hit]);
	put_u32(r, n);
	for (unsigned i = 0; i < n; i++)
		buf_add(r->out, words[i], sizeof(words[i]));
	if (r->out->len > FLUSH_AT)
		r->sink->flush(r->out, r->sink->opaque);
}

static void read_unit(struct reader *r)
{
	find_hits(r);
	if (r->n_hits == 0)
		return;
	walk(r);
	for (size_t i = 0; i < r->n_hits; i++)
		put_frames(r, i);
}

void dwarfread(int fd, const uint64_t *addresses, size_t n, const struct dwarfread_sink *sink)
{
	struct reader r = { .addresses = addresses, .n = n, .sink = sink, .out = sink->out };
	Dwarf *dwarf = dwarf_begin(fd, DWARF_C_READ);
	Dwarf_CU *cu = NULL;
	uint8_t type;

	while (dwarf && dwarf_get_units(dwarf, cu, &cu, NULL, &type, &r.unit, &r.split) == 0) {
		if (type != DW_UT_compile && type != DW_UT_skeleton)
			continue;
		if (type != DW_UT_skeleton || dwarf_tag(&r.split) == DW_TAG_invalid)
			r.split = r.unit;
		read_unit(&r);
	}
	buf_add_char(sink->out, 'E');
	sink->flush(sink->out, sink->opaque);
	dwarf_end(dwarf);
	map_fini(&r.string_of);
	map_fini(&r.qualified_of);
	free(r.hits);
	free(r.chains);
}
