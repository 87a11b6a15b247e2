/* symtab: the functions of one object, sorted by address. */
#include "symbol/symtab.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/vec.h"
#include "symbol/range.h"

#define NAME_NONE UINT32_MAX

struct symtab {
	atomic_uint refs;
	size_t n;
	struct view names;
	const struct symtab_row *rows;
	char *bytes; /* owned; rows and names lie in it */
};

void symtab_builder_fini(struct symtab_builder *builder)
{
	free(builder->symbols);
	arena_fini(&builder->text);
	*builder = (struct symtab_builder){ 0 };
}

void symtab_add(struct symtab_builder *builder, const struct symtab_symbol *symbol)
{
	struct symtab_symbol *added;

	if (symbol->name.len == 0 || symbol->start >= symbol->end_max)
		return;
	if (builder->n == SYMTAB_SYMBOLS_MAX) {
		builder->full = true;
		return;
	}
	added = VEC_ADD(builder->symbols, builder->n, builder->cap);
	if (!added) {
		builder->failed = true;
		return;
	}
	*added = *symbol;
	if (added->name.len > SYMTAB_NAME_MAX)
		added->name.len = SYMTAB_NAME_MAX;
	if (added->size > added->end_max - added->start)
		added->size = added->end_max - added->start;
}

static size_t underscores(struct view name)
{
	size_t n = 0;

	while (n < name.len && name.at[n] == '_')
		n++;
	return n;
}

static bool versioned(struct view name)
{
	return memchr(name.at, '@', name.len) != NULL;
}

/* Mangled names all begin with an underscore, which is not a sign of a private one. */
static int compare_names(struct view a, struct view b)
{
	size_t left = underscores(a), right = underscores(b);

	if (left != right)
		return left < right ? 1 : -1;
	if (versioned(a) != versioned(b))
		return versioned(b) ? 1 : -1;
	return 0;
}

/* Positive if a is the better name for the address where both begin. */
static int preference(const struct symtab_symbol *a, const struct symtab_symbol *b)
{
	int order;

	if (!a->size != !b->size)
		return a->size ? 1 : -1;
	if (a->kind != b->kind)
		return a->kind > b->kind ? 1 : -1;
	if ((a->binding == SYMTAB_LOCAL) != (b->binding == SYMTAB_LOCAL))
		return b->binding == SYMTAB_LOCAL ? 1 : -1;
	order = compare_names(a->name, b->name);
	if (order == 0)
		order = (a->binding > b->binding) - (a->binding < b->binding);
	if (order == 0)
		order = (a->name.len < b->name.len) - (a->name.len > b->name.len);
	return order ? order : view_compare(b->name, a->name);
}

static int by_start(const void *left, const void *right)
{
	const struct symtab_symbol *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return preference(a, b);
}

static uint64_t end_of_unsized(const struct symtab_builder *builder, size_t i)
{
	const struct symtab_symbol *symbol = &builder->symbols[i];
	uint64_t gap = builder->gap_max ? builder->gap_max : SYMTAB_GAP_MAX;
	uint64_t end = symbol->end_max;

	if (gap < end - symbol->start)
		end = symbol->start + gap;
	for (size_t next = i + 1; next < builder->n; next++)
		if (builder->symbols[next].start > symbol->start) {
			if (builder->symbols[next].start < end)
				end = builder->symbols[next].start;
			break;
		}
	return end;
}

/* Labels without a size give way to every sized symbol, wherever that began. Backwards, so that a
 * crowd of symbols at one address costs no more than others. */
static void to_ranges(const struct symtab_builder *builder, struct range *ranges)
{
	uint64_t end = 0;

	for (size_t i = builder->n; i-- > 0;) {
		const struct symtab_symbol *symbol = &builder->symbols[i];
		bool first = i + 1 == builder->n || symbol[1].start != symbol->start;

		if (!symbol->size && (first || symbol[1].size))
			end = end_of_unsized(builder, i);
		ranges[i] = (struct range){ .start = symbol->start,
			.end = symbol->size ? symbol->start + symbol->size : end,
			.rank = (uint32_t)(symbol->size ? builder->n + i : i),
			.id = (uint32_t)i };
	}
}

/* Where in the new table the names of those symbols go that won some address; NAME_NONE for others.
 * Past the limit of names, symbols lose theirs. */
static size_t place_names(
	const struct symtab_builder *builder, const struct range *flat, size_t n, uint32_t *place)
{
	size_t len = 0;

	memset(place, 0xff, builder->n * sizeof(*place));
	for (size_t i = 0; i < n; i++) {
		const struct symtab_symbol *symbol = &builder->symbols[flat[i].id];

		if (place[flat[i].id] != NAME_NONE || len + symbol->name.len >= SYMTAB_NAMES_MAX)
			continue;
		place[flat[i].id] = (uint32_t)len;
		len += symbol->name.len + 1;
	}
	return len;
}

static struct symtab *symtab_new(const struct symtab_row *rows, size_t n, struct view names)
{
	struct symtab *table = malloc(sizeof(*table));

	if (!table)
		return NULL;
	*table = (struct symtab){ .n = n, .names = names, .rows = rows };
	atomic_init(&table->refs, 1);
	return table;
}

static struct symtab *make_table(const struct symtab_builder *builder, const struct range *flat,
	size_t n, const uint32_t *place, size_t names_len)
{
	char *bytes = malloc(n * sizeof(struct symtab_row) + names_len + 1);
	struct symtab_row *rows = (struct symtab_row *)(void *)bytes;
	char *names = bytes ? bytes + n * sizeof(*rows) : NULL;
	struct symtab *table =
		bytes ? symtab_new(rows, 0, (struct view){ names, names_len }) : NULL;

	if (!table) {
		free(bytes);
		return NULL;
	}
	table->bytes = bytes;
	for (size_t i = 0; i < n; i++) {
		const struct view name = builder->symbols[flat[i].id].name;
		uint64_t size = flat[i].end - flat[i].start;
		uint32_t at = place[flat[i].id];

		if (at == NAME_NONE)
			continue;
		memcpy(names + at, name.at, name.len);
		names[at + name.len] = '\0';
		rows[table->n++] = (struct symtab_row){ .start = flat[i].start,
			.size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
			.name = at };
	}
	return table;
}

static int build_sorted(
	struct symtab_builder *builder, struct range *ranges, uint32_t *place, struct symtab **ret)
{
	struct range *flat;
	size_t n;
	int rc;

	to_ranges(builder, ranges);
	rc = range_flatten(ranges, builder->n, &flat, &n);
	if (rc < 0)
		return rc;
	*ret = make_table(builder, flat, n, place, place_names(builder, flat, n, place));
	free(flat);
	return *ret ? 0 : ERR_NOMEM;
}

int symtab_build(struct symtab_builder *builder, struct symtab **ret, struct err *err)
{
	struct range *ranges = malloc((builder->n + 1) * sizeof(*ranges));
	uint32_t *place = malloc((builder->n + 1) * sizeof(*place));
	int rc = ERR_NOMEM;

	if (ranges && place && !builder->failed) {
		if (builder->n)
			qsort(builder->symbols, builder->n, sizeof(*builder->symbols), by_start);
		rc = build_sorted(builder, ranges, place, ret);
	}
	free(ranges);
	free(place);
	return rc < 0 ? err_set(err, rc, "out of memory for %zu symbols", builder->n) : 0;
}

static bool rows_are_sane(const struct symtab_row *rows, size_t n, struct view names)
{
	uint64_t end = 0;

	if (names.len && names.at[names.len - 1] != '\0')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].size == 0 || rows[i].start < end || rows[i].name >= names.len ||
			rows[i].start + (rows[i].size - 1) < rows[i].start)
			return false;
		end = rows[i].start + rows[i].size;
		if (end == 0 && i + 1 < n)
			return false;
	}
	return true;
}

int symtab_from_bytes(struct buf *bytes, size_t at, size_t n, struct symtab **ret, struct err *err)
{
	char *fitting = realloc(bytes->at, bytes->len);
	const struct symtab_row *rows;
	struct view names;
	struct symtab *table;

	if (fitting) /* else it stays as it was */
		*bytes = (struct buf){ .at = fitting, .len = bytes->len, .cap = bytes->len };
	rows = (const void *)(bytes->at + at);
	names = view_between((const char *)(rows + n), bytes->at + bytes->len);
	if (!rows_are_sane(rows, n, names))
		return err_set(err, ERR_CORRUPT, "the rows of a symbol table are not in order");
	table = symtab_new(rows, n, names);
	if (!table)
		return err_set(err, ERR_NOMEM, "out of memory");
	table->bytes = bytes->at;
	*bytes = (struct buf){ 0 };
	*ret = table;
	return 0;
}

int symtab_from_rows(const struct symtab_row *rows, size_t n, struct view names,
	struct symtab **ret, struct err *err)
{
	BUF_AUTO bytes = { 0 };

	buf_reserve(&bytes, n * sizeof(*rows) + names.len + 1);
	buf_add(&bytes, rows, n * sizeof(*rows));
	buf_add_view(&bytes, names);
	if (bytes.failed)
		return err_set(err, ERR_NOMEM, "out of memory for %zu symbols", n);
	return symtab_from_bytes(&bytes, 0, n, ret, err);
}

struct symtab *symtab_ref(struct symtab *table)
{
	atomic_fetch_add_explicit(&table->refs, 1, memory_order_relaxed);
	return table;
}

void symtab_unref(struct symtab *table)
{
	if (!table || atomic_fetch_sub_explicit(&table->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(table->bytes);
	free(table);
}

const struct symtab_row *symtab_find(const struct symtab *table, uint64_t address)
{
	size_t low = 0, high = table->n;
	const struct symtab_row *row;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->rows[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	row = &table->rows[low - 1];
	return address - row->start < row->size ? row : NULL;
}

struct view symtab_name(const struct symtab *table, const struct symtab_row *row)
{
	assert(row->name < table->names.len);
	return view_of(table->names.at + row->name);
}

const struct symtab_row *symtab_rows(const struct symtab *table, size_t *ret_n)
{
	*ret_n = table->n;
	return table->rows;
}

struct view symtab_names(const struct symtab *table)
{
	return table->names;
}

size_t symtab_bytes(const struct symtab *table)
{
	return sizeof(*table) + table->n * sizeof(table->rows[0]) + table->names.len;
}
