/* jfr_types: what a chunk says about the shape of its events and values. */
#include "codec/jfr_types.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define ELEMENTS_MAX 8    /* of the tree, within each other */
#define ATTRIBUTES_MAX 64 /* of an element */

/* The tree while it is read; strings are views. */
struct reading {
	struct jfr_types *types;
	struct jfr_reader *in;
	struct view *strings; /* owned */
	size_t n_strings, cap_strings;
};

struct element {
	struct view name, id, type, names; /* attributes: `names` is the one called name */
	bool is_pooled, is_list;
};

static bool fail(struct jfr_reader *in, const char *why)
{
	if (!in->wrong)
		in->wrong = why;
	return false;
}

static bool read_strings(struct reading *r, struct arena *arena)
{
	struct jfr_text text;
	uint64_t count;

	if (!jfr_reader_number(r->in, sizeof(uint32_t), &count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		struct view *string;

		if (!jfr_reader_text(r->in, arena, &text))
			return false;
		string = VEC_ADD(r->strings, r->n_strings, r->cap_strings);
		if (!string)
			return fail(r->in, "out of memory");
		*string = text.is_pooled ? VIEW("") : text.text;
	}
	return true;
}

static bool read_string(struct reading *r, struct view *ret)
{
	uint64_t number;

	if (!jfr_reader_number(r->in, sizeof(uint32_t), &number))
		return false;
	if (number >= r->n_strings)
		return fail(r->in, "a name that is nowhere in the metadata");
	*ret = r->strings[number];
	return true;
}

static bool read_element(struct reading *r, struct element *ret)
{
	struct view key, value;
	uint64_t n;

	*ret = (struct element){ 0 };
	if (!jfr_reader_step(r->in) || !read_string(r, &ret->name) ||
		!jfr_reader_number(r->in, sizeof(uint32_t), &n))
		return false;
	if (n > ATTRIBUTES_MAX)
		return fail(r->in, "too many attributes of a type");
	for (uint64_t i = 0; i < n; i++) {
		if (!read_string(r, &key) || !read_string(r, &value))
			return false;
		if (view_equal(key, VIEW("name")))
			ret->names = value;
		else if (view_equal(key, VIEW("id")))
			ret->id = value;
		else if (view_equal(key, VIEW("class")))
			ret->type = value;
		else if (view_equal(key, VIEW("constantPool")))
			ret->is_pooled = view_equal(value, VIEW("true"));
		else if (view_equal(key, VIEW("dimension")))
			ret->is_list = view_equal(value, VIEW("1"));
	}
	return true;
}

static enum jfr_kind kind_of(struct view name)
{
	static const struct {
		const char *name;
		enum jfr_kind kind;
	} kinds[] = { { "boolean", JFR_BYTE }, { "byte", JFR_BYTE }, { "char", JFR_SHORT },
		{ "short", JFR_SHORT }, { "int", JFR_INT }, { "long", JFR_LONG },
		{ "float", JFR_FLOAT }, { "double", JFR_DOUBLE },
		{ "java.lang.String", JFR_TEXT } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (view_equal(name, view_of(kinds[i].name)))
			return kinds[i].kind;
	return JFR_COMPOUND;
}

static bool add_type(struct reading *r, const struct element *element)
{
	struct jfr_types *types = r->types;
	struct jfr_type *type = NULL;
	uint64_t id, *place = NULL;

	if (!view_to_u64(element->id, &id))
		return fail(r->in, "a type without a number");
	if (types->n_types == JFR_TYPES_MAX)
		return fail(r->in, "too many types");
	type = VEC_ADD(types->types, types->n_types, types->cap_types);
	place = type ? map_add(&types->by_id, id, NULL) : NULL;
	if (!place)
		return fail(r->in, "out of memory");
	*place = types->n_types - 1;
	*type = (struct jfr_type){ element->names, id, kind_of(element->names),
		(uint32_t)types->n_fields, 0 };
	return true;
}

static bool add_field(struct reading *r, const struct element *element)
{
	struct jfr_types *types = r->types;
	struct jfr_field *field;
	uint64_t id;

	if (!types->n_types || !view_to_u64(element->type, &id))
		return fail(r->in, "a field without a type");
	if (types->n_fields == JFR_FIELDS_MAX)
		return fail(r->in, "too many fields");
	field = VEC_ADD(types->fields, types->n_fields, types->cap_fields);
	if (!field)
		return fail(r->in, "out of memory");
	*field = (struct jfr_field){ element->names, id, JFR_NO_TYPE, element->is_pooled,
		element->is_list };
	types->types[types->n_types - 1].n_fields++;
	return true;
}

/* In pre-order; only classes and their fields are of interest. */
static bool read_tree(struct reading *r)
{
	uint64_t left[ELEMENTS_MAX] = { 1 }; /* elements to come, by depth */
	unsigned depth = 0;
	struct element element;

	for (;;) {
		uint64_t children;

		while (!left[depth]) {
			if (!depth)
				return true;
			depth--;
		}
		left[depth]--;
		if (!read_element(r, &element))
			return false;
		if (view_equal(element.name, VIEW("class")) && !add_type(r, &element))
			return false;
		if (view_equal(element.name, VIEW("field")) && !add_field(r, &element))
			return false;
		if (!jfr_reader_number(r->in, sizeof(uint32_t), &children))
			return false;
		if (!children)
			continue;
		if (++depth == ELEMENTS_MAX)
			return fail(r->in, "metadata that is nested too deep");
		left[depth] = children;
	}
}

bool jfr_types_read(struct jfr_types *types, struct jfr_reader *in, struct arena *arena)
{
	struct reading r = { .types = types, .in = in };
	bool ok = read_strings(&r, arena) && read_tree(&r);

	free(r.strings);
	for (size_t i = 0; ok && i < types->n_fields; i++)
		types->fields[i].type = jfr_types_find(types, types->fields[i].type_id);
	return ok;
}

void jfr_types_fini(struct jfr_types *types)
{
	free(types->types);
	free(types->fields);
	map_fini(&types->by_id);
}

uint32_t jfr_types_find(const struct jfr_types *types, uint64_t id)
{
	const uint64_t *place = map_find(&types->by_id, id);

	return place ? (uint32_t)*place : JFR_NO_TYPE;
}

/* ---- values ---- */

static bool skip_text(struct jfr_reader *in)
{
	uint64_t len, unit;
	uint8_t kind;

	if (!jfr_reader_skip(in, 1))
		return false;
	kind = in->at[-1];
	if (kind < 2)
		return true;
	if (kind > 5)
		return fail(in, "a text of an unknown kind");
	if (!jfr_reader_number(in, kind == 2 ? sizeof(uint64_t) : sizeof(uint32_t), &len))
		return false;
	if (kind == 2)
		return true;
	if (kind != 4)
		return jfr_reader_skip(in, len);
	for (uint64_t i = 0; i < len; i++)
		if (!jfr_reader_number(in, sizeof(uint16_t), &unit))
			return false;
	return true;
}

static bool skip_plain(enum jfr_kind kind, struct jfr_reader *in, uint64_t *ret)
{
	switch (kind) {
	case JFR_BYTE:
		*ret = in->at < in->end ? *in->at : 0;
		return jfr_reader_skip(in, 1);
	case JFR_SHORT:
		return jfr_reader_number(in, sizeof(uint16_t), ret);
	case JFR_INT:
		return jfr_reader_number(in, sizeof(uint32_t), ret);
	case JFR_LONG:
		return jfr_reader_number(in, sizeof(uint64_t), ret);
	case JFR_FLOAT:
		return jfr_reader_skip(in, sizeof(float));
	case JFR_DOUBLE:
		return jfr_reader_skip(in, sizeof(double));
	case JFR_TEXT:
		return skip_text(in);
	case JFR_COMPOUND:
		break;
	}
	return fail(in, "a value of no type");
}

static bool skip_field(const struct jfr_types *types, const struct jfr_field *field,
	struct jfr_reader *in, unsigned depth, uint64_t *ret);

/* The depth is bounded, and so are the steps of all together. */
static bool skip_type(const struct jfr_types *types, uint32_t number, struct jfr_reader *in,
	unsigned depth, uint64_t *ret)
{
	const struct jfr_type *type = &types->types[number];
	uint64_t ignored;

	if (!jfr_reader_step(in))
		return false;
	if (type->kind != JFR_COMPOUND)
		return skip_plain(type->kind, in, ret);
	if (depth == JFR_NESTING_MAX)
		return fail(in, "values that are nested too deep");
	for (uint32_t i = 0; i < type->n_fields; i++)
		if (!skip_field(
			    types, &types->fields[type->first_field + i], in, depth + 1, &ignored))
			return false;
	return true;
}

static bool skip_field(const struct jfr_types *types, const struct jfr_field *field,
	struct jfr_reader *in, unsigned depth, uint64_t *ret)
{
	uint64_t count = 1;

	*ret = 0;
	if (field->type == JFR_NO_TYPE && !field->is_pooled)
		return fail(in, "a field of a type that is nowhere");
	if (field->is_list && !jfr_reader_number(in, sizeof(uint32_t), &count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!jfr_reader_step(in))
			return false;
		if (!(field->is_pooled ? jfr_reader_number(in, sizeof(uint64_t), ret)
				       : skip_type(types, field->type, in, depth, ret)))
			return false;
	}
	return true;
}

bool jfr_types_value(const struct jfr_types *types, uint32_t type, struct jfr_reader *in,
	const char *const *names, struct jfr_value *ret)
{
	const struct jfr_type *t = &types->types[type];
	size_t n = 0;

	for (; names[n]; n++)
		ret[n] = (struct jfr_value){ 0 };
	for (uint32_t i = 0; i < t->n_fields; i++) {
		const struct jfr_field *field = &types->fields[t->first_field + i];
		struct jfr_value value = {
			.at = in->at, .type = field->type, .is_list = field->is_list
		};

		if (!skip_field(types, field, in, 0, &value.number))
			return false;
		for (size_t k = 0; k < n; k++)
			if (view_equal(field->name, view_of(names[k])))
				ret[k] = value;
	}
	return true;
}
