/* catalog_labels: who has which label, and so which series are selected. */
#include "store/catalog_labels.h"

#include <stdlib.h>

#include "base/vec.h"
#include "store/store_impl.h"

/*
 * A tenant's series, and its types, are labels too, whose names no label can have:
 *
 *     name ""      value ""                      every series of the tenant
 *     name "\x01"  value the type's five texts   those that have the type
 */
#define NAME_ALL VIEW("")
#define NAME_TYPE VIEW("\x01")

static void put_text(struct buf *out, struct view text)
{
	buf_add_char(out, (char)(text.len >> 8));
	buf_add_char(out, (char)text.len);
	buf_add_view(out, text);
}

static void put_name(struct buf *out, struct view tenant, struct view name)
{
	put_text(out, tenant);
	put_text(out, name);
}

static void put_type(struct buf *out, const struct store_type *type)
{
	put_text(out, type->name);
	put_text(out, type->type);
	put_text(out, type->unit);
	put_text(out, type->period_type);
	put_text(out, type->period_unit);
}

/* ---- adding ---- */

static struct catalog_name *name_of(struct catalog_labels *labels, struct view key)
{
	uint32_t id = VEC_FITS(labels->names, labels->cap_names, labels->n_names + 1)
			      ? strings_add(&labels->name_keys, key)
			      : STRINGS_NONE;

	if (id == STRINGS_NONE)
		return NULL;
	if (id > labels->n_names)
		labels->names[labels->n_names++] = (struct catalog_name){ 0 };
	return &labels->names[id - 1];
}

/* A value of the name, new if need be. */
static struct catalog_posting *posting_of(struct catalog_labels *labels, struct catalog_name *name,
	struct view key, struct view value)
{
	uint32_t text = strings_add(&labels->texts, value), id = STRINGS_NONE;

	if (text != STRINGS_NONE &&
		VEC_FITS(labels->postings, labels->cap_postings, labels->n_postings + 1) &&
		VEC_FITS(name->postings, name->cap, name->n + 1))
		id = strings_add(&labels->posting_keys, key);
	if (id == STRINGS_NONE)
		return NULL;
	if (id > labels->n_postings) {
		name->postings[name->n++] = id - 1;
		labels->postings[labels->n_postings++] = (struct catalog_posting){ .value = text };
	}
	return &labels->postings[id - 1];
}

static bool put(roaring_bitmap_t **series, uint32_t id)
{
	if (!*series)
		*series = roaring_bitmap_create();
	if (*series)
		roaring_bitmap_add(*series, id);
	return *series;
}

static bool add(struct catalog_labels *labels, const struct series_info *info, uint32_t id,
	struct view name, struct view value)
{
	BUF_AUTO key = { 0 };
	struct catalog_name *of_name;
	struct catalog_posting *posting;

	put_name(&key, info->tenant, name);
	of_name = key.failed ? NULL : name_of(labels, buf_view(&key));
	buf_add_view(&key, value);
	posting =
		of_name && !key.failed ? posting_of(labels, of_name, buf_view(&key), value) : NULL;
	return posting && put(&of_name->series, id) && put(&posting->series, id);
}

bool catalog_labels_add(struct catalog_labels *labels, const struct series_info *info, uint32_t id)
{
	bool ok = add(labels, info, id, NAME_ALL, VIEW(""));

	for (size_t i = 0; ok && i < info->series.labels.n; i++)
		ok = add(labels, info, id, info->labels[i].name, info->labels[i].value);
	for (size_t i = 0; ok && i < info->series.n_types; i++) {
		BUF_AUTO type = { 0 };

		put_type(&type, &info->types[i]);
		ok = !type.failed && add(labels, info, id, NAME_TYPE, buf_view(&type));
	}
	return ok;
}

/* ---- letting go ---- */

static void remove_from(roaring_bitmap_t *series, const roaring_bitmap_t *gone)
{
	if (series && gone)
		roaring_bitmap_andnot_inplace(series, gone);
}

void catalog_labels_remove(struct catalog_labels *labels, const roaring_bitmap_t *gone)
{
	for (size_t i = 0; i < labels->n_names; i++)
		remove_from(labels->names[i].series, gone);
	for (size_t i = 0; i < labels->n_postings; i++)
		remove_from(labels->postings[i].series, gone);
}

static void free_bitmap(roaring_bitmap_t *series)
{
	if (series)
		roaring_bitmap_free(series);
}

/* All but the bitmaps. */
static void fini_tables(struct catalog_labels *labels)
{
	for (size_t i = 0; i < labels->n_names; i++)
		free(labels->names[i].postings);
	free(labels->names);
	free(labels->postings);
	strings_fini(&labels->texts);
	strings_fini(&labels->name_keys);
	strings_fini(&labels->posting_keys);
}

void catalog_labels_fini(struct catalog_labels *labels)
{
	for (size_t i = 0; i < labels->n_names; i++)
		free_bitmap(labels->names[i].series);
	for (size_t i = 0; i < labels->n_postings; i++)
		free_bitmap(labels->postings[i].series);
	fini_tables(labels);
}

static bool is_empty(const roaring_bitmap_t *series)
{
	return !series || roaring_bitmap_is_empty(series);
}

/* The name and those of its values that series have, with the bitmaps that these have now. */
static bool copy_name(const struct catalog_labels *from, size_t at, struct catalog_labels *into)
{
	const struct catalog_name *name = &from->names[at];
	struct catalog_name *copy = name_of(into, strings_at(&from->name_keys, (uint32_t)at + 1));

	if (!copy)
		return false;
	copy->series = name->series;
	for (size_t i = 0; i < name->n; i++) {
		const struct catalog_posting *posting = &from->postings[name->postings[i]];
		struct view key = strings_at(&from->posting_keys, name->postings[i] + 1);
		struct view value = strings_at(&from->texts, posting->value);
		struct catalog_posting *copied;

		if (is_empty(posting->series))
			continue;
		copied = posting_of(into, copy, key, value);
		if (!copied)
			return false;
		copied->series = posting->series;
	}
	return true;
}

bool catalog_labels_shrink(struct catalog_labels *labels)
{
	struct catalog_labels left = { 0 };

	for (size_t i = 0; i < labels->n_names; i++)
		if (!is_empty(labels->names[i].series) && !copy_name(labels, i, &left)) {
			fini_tables(&left);
			return false;
		}
	for (size_t i = 0; i < labels->n_names; i++)
		if (is_empty(labels->names[i].series))
			free_bitmap(labels->names[i].series);
	for (size_t i = 0; i < labels->n_postings; i++)
		if (is_empty(labels->postings[i].series))
			free_bitmap(labels->postings[i].series);
	fini_tables(labels);
	*labels = left;
	return true;
}

/* ---- how large ---- */

#define BITMAP_BYTES 96 /* of a small one, with what it is made of */

static size_t bytes_of(const struct strings *strings)
{
	return strings->bytes.used + strings->cap * sizeof(*strings->at) +
	       strings->cap_hashes * sizeof(*strings->hashes) +
	       strings->set.cap * sizeof(*strings->set.slots);
}

size_t catalog_labels_bytes(const struct catalog_labels *labels)
{
	return bytes_of(&labels->texts) + bytes_of(&labels->name_keys) +
	       bytes_of(&labels->posting_keys) + labels->cap_names * sizeof(*labels->names) +
	       labels->cap_postings * (sizeof(*labels->postings) + sizeof(uint32_t)) +
	       (labels->n_names + labels->n_postings) * BITMAP_BYTES;
}

/* ---- selecting ---- */

static const struct catalog_name *find_name(
	const struct catalog_labels *labels, struct view tenant, struct view name)
{
	BUF_AUTO key = { 0 };
	uint32_t id;

	put_name(&key, tenant, name);
	id = strings_find(&labels->name_keys, buf_view(&key));
	return id == STRINGS_NONE || id == 0 ? NULL : &labels->names[id - 1];
}

static const roaring_bitmap_t *find_value(const struct catalog_labels *labels, struct view tenant,
	struct view name, struct view value)
{
	BUF_AUTO key = { 0 };
	uint32_t id;

	put_name(&key, tenant, name);
	buf_add_view(&key, value);
	id = strings_find(&labels->posting_keys, buf_view(&key));
	return id == STRINGS_NONE || id == 0 ? NULL : labels->postings[id - 1].series;
}

/* Keeps those with one of the name's values for which the condition holds; and those without the
 * name, if it holds for "". */
static void keep_matching(const struct catalog_labels *labels, struct view tenant,
	const struct matcher *matcher, roaring_bitmap_t *found)
{
	const struct catalog_name *name = find_name(labels, tenant, matcher->name);
	roaring_bitmap_t *kept = roaring_bitmap_create();

	if (matcher_holds(matcher, VIEW(""))) {
		roaring_bitmap_or_inplace(kept, found);
		if (name)
			remove_from(kept, name->series);
	}
	for (size_t i = 0; name && i < name->n; i++) {
		const struct catalog_posting *posting = &labels->postings[name->postings[i]];

		if (posting->series &&
			matcher_holds(matcher, strings_at(&labels->texts, posting->value)))
			roaring_bitmap_or_inplace(kept, posting->series);
	}
	roaring_bitmap_and_inplace(found, kept);
	roaring_bitmap_free(kept);
}

static void keep_only(roaring_bitmap_t *found, const roaring_bitmap_t *those)
{
	if (those)
		roaring_bitmap_and_inplace(found, those);
	else
		roaring_bitmap_clear(found);
}

static void match(const struct catalog_labels *labels, struct view tenant,
	const struct matcher *matcher, roaring_bitmap_t *found)
{
	if (matcher->op == MATCHER_IS && matcher->value.len > 0)
		keep_only(found, find_value(labels, tenant, matcher->name, matcher->value));
	else
		keep_matching(labels, tenant, matcher, found);
}

static void keep_type(const struct catalog_labels *labels, const struct store_select *select,
	roaring_bitmap_t *found)
{
	BUF_AUTO type = { 0 }, any = { 0 };

	put_type(&type, &select->type);
	put_type(&any, &(struct store_type){ 0 });
	if (!view_equal(buf_view(&type), buf_view(&any)))
		keep_only(found, find_value(labels, select->tenant, NAME_TYPE, buf_view(&type)));
}

static roaring_bitmap_t *of_days(const struct catalog *catalog, const struct store_select *select)
{
	roaring_bitmap_t *found = roaring_bitmap_create();
	uint32_t from = store_day(select->from_ns), to = store_day(select->to_ns - 1);

	for (size_t i = 0; i < catalog->n_days; i++)
		if (catalog->days[i].day >= from && catalog->days[i].day <= to)
			roaring_bitmap_or_inplace(found, catalog->days[i].series);
	return found;
}

int catalog_select(struct catalog *catalog, const struct store_select *select, uint32_t **ret,
	size_t *ret_n, struct err *err)
{
	roaring_bitmap_t *found;

	pthread_rwlock_rdlock(&catalog->lock);
	found = of_days(catalog, select);
	keep_only(found, find_value(&catalog->labels, select->tenant, NAME_ALL, VIEW("")));
	keep_type(&catalog->labels, select, found);
	for (size_t i = 0; i < select->n_matchers; i++)
		match(&catalog->labels, select->tenant, &select->matchers[i], found);
	pthread_rwlock_unlock(&catalog->lock);
	*ret_n = roaring_bitmap_get_cardinality(found);
	*ret = malloc((*ret_n + 1) * sizeof(**ret));
	if (*ret)
		roaring_bitmap_to_uint32_array(found, *ret);
	roaring_bitmap_free(found);
	return *ret ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}
