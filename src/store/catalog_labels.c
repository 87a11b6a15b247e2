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

static struct catalog_name *name_of(struct catalog *catalog, struct view key)
{
	uint32_t id = strings_add(&catalog->name_keys, key);
	struct catalog_name *added;

	if (id == STRINGS_NONE)
		return NULL;
	if (id <= catalog->n_names)
		return &catalog->names[id - 1];
	added = VEC_ADD(catalog->names, catalog->n_names, catalog->cap_names);
	if (added)
		*added = (struct catalog_name){ .series = roaring_bitmap_create() };
	return added;
}

/* A value of the name, new if need be. */
static struct catalog_posting *posting_of(
	struct catalog *catalog, struct catalog_name *name, struct view key, struct view value)
{
	uint32_t id = strings_add(&catalog->posting_keys, key), *listed;
	struct catalog_posting *added;

	if (id == STRINGS_NONE)
		return NULL;
	if (id <= catalog->n_postings)
		return &catalog->postings[id - 1];
	added = VEC_ADD(catalog->postings, catalog->n_postings, catalog->cap_postings);
	listed = added ? VEC_ADD(name->postings, name->n, name->cap) : NULL;
	if (!listed)
		return NULL;
	*listed = id - 1;
	*added = (struct catalog_posting){ .series = roaring_bitmap_create(),
		.value = strings_add(&catalog->texts, value) };
	return added;
}

static bool add(struct catalog *catalog, const struct series_info *info, uint32_t id,
	struct view name, struct view value)
{
	BUF_AUTO key = { 0 };
	struct catalog_name *of_name;
	struct catalog_posting *posting;

	put_name(&key, info->tenant, name);
	of_name = key.failed ? NULL : name_of(catalog, buf_view(&key));
	buf_add_view(&key, value);
	posting =
		of_name && !key.failed ? posting_of(catalog, of_name, buf_view(&key), value) : NULL;
	if (!posting || posting->value == STRINGS_NONE)
		return false;
	roaring_bitmap_add(of_name->series, id);
	roaring_bitmap_add(posting->series, id);
	return true;
}

bool catalog_labels_add(struct catalog *catalog, const struct series_info *info, uint32_t id)
{
	bool ok = add(catalog, info, id, NAME_ALL, VIEW(""));

	for (size_t i = 0; ok && i < info->series.labels.n; i++)
		ok = add(catalog, info, id, info->labels[i].name, info->labels[i].value);
	for (size_t i = 0; ok && i < info->series.n_types; i++) {
		BUF_AUTO type = { 0 };

		put_type(&type, &info->types[i]);
		ok = !type.failed && add(catalog, info, id, NAME_TYPE, buf_view(&type));
	}
	return ok;
}

void catalog_labels_remove(struct catalog *catalog, const roaring_bitmap_t *gone)
{
	for (size_t i = 0; i < catalog->n_names; i++)
		roaring_bitmap_andnot_inplace(catalog->names[i].series, gone);
	for (size_t i = 0; i < catalog->n_postings; i++)
		roaring_bitmap_andnot_inplace(catalog->postings[i].series, gone);
}

void catalog_labels_fini(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->n_names; i++) {
		roaring_bitmap_free(catalog->names[i].series);
		free(catalog->names[i].postings);
	}
	for (size_t i = 0; i < catalog->n_postings; i++)
		roaring_bitmap_free(catalog->postings[i].series);
	free(catalog->names);
	free(catalog->postings);
	strings_fini(&catalog->texts);
	strings_fini(&catalog->name_keys);
	strings_fini(&catalog->posting_keys);
}

/* ---- selecting ---- */

static const struct catalog_name *find_name(
	const struct catalog *catalog, struct view tenant, struct view name)
{
	BUF_AUTO key = { 0 };
	uint32_t id;

	put_name(&key, tenant, name);
	id = strings_find(&catalog->name_keys, buf_view(&key));
	return id == STRINGS_NONE || id == 0 ? NULL : &catalog->names[id - 1];
}

static const roaring_bitmap_t *find_value(
	const struct catalog *catalog, struct view tenant, struct view name, struct view value)
{
	BUF_AUTO key = { 0 };
	uint32_t id;

	put_name(&key, tenant, name);
	buf_add_view(&key, value);
	id = strings_find(&catalog->posting_keys, buf_view(&key));
	return id == STRINGS_NONE || id == 0 ? NULL : catalog->postings[id - 1].series;
}

/* Keeps those with one of the name's values for which the condition holds; and those without the
 * name, if it holds for "". */
static void keep_matching(const struct catalog *catalog, struct view tenant,
	const struct matcher *matcher, roaring_bitmap_t *found)
{
	const struct catalog_name *name = find_name(catalog, tenant, matcher->name);
	roaring_bitmap_t *kept = roaring_bitmap_create();

	if (matcher_holds(matcher, VIEW(""))) {
		roaring_bitmap_or_inplace(kept, found);
		if (name)
			roaring_bitmap_andnot_inplace(kept, name->series);
	}
	for (size_t i = 0; name && i < name->n; i++) {
		const struct catalog_posting *posting = &catalog->postings[name->postings[i]];

		if (matcher_holds(matcher, strings_at(&catalog->texts, posting->value)))
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

static void match(const struct catalog *catalog, struct view tenant, const struct matcher *matcher,
	roaring_bitmap_t *found)
{
	if (matcher->op == MATCHER_IS && matcher->value.len > 0)
		keep_only(found, find_value(catalog, tenant, matcher->name, matcher->value));
	else
		keep_matching(catalog, tenant, matcher, found);
}

static void keep_type(
	const struct catalog *catalog, const struct store_select *select, roaring_bitmap_t *found)
{
	BUF_AUTO type = { 0 }, any = { 0 };

	put_type(&type, &select->type);
	put_type(&any, &(struct store_type){ 0 });
	if (!view_equal(buf_view(&type), buf_view(&any)))
		keep_only(found, find_value(catalog, select->tenant, NAME_TYPE, buf_view(&type)));
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
	keep_only(found, find_value(catalog, select->tenant, NAME_ALL, VIEW("")));
	keep_type(catalog, select, found);
	for (size_t i = 0; i < select->n_matchers; i++)
		match(catalog, select->tenant, &select->matchers[i], found);
	pthread_rwlock_unlock(&catalog->lock);
	*ret_n = roaring_bitmap_get_cardinality(found);
	*ret = malloc((*ret_n + 1) * sizeof(**ret));
	if (*ret)
		roaring_bitmap_to_uint32_array(found, *ret);
	roaring_bitmap_free(found);
	return *ret ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}
