/* otlp_scan: an OTLP message as flat columns, every index and limit checked. */
#include "codec/otlp_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/pprof_format.h"

int otlp_scan_fail(const struct otlp_columns *c, int code, const void *at, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(c->err, code, "at byte %zu: %s",
		at ? (size_t)((const char *)at - c->bytes.at) : 0, text);
}

int otlp_scan_nomem(const struct otlp_columns *c)
{
	return err_set(c->err, ERR_NOMEM, "out of memory");
}

int otlp_scan_end(const struct otlp_columns *c, const struct proto *in)
{
	return in->wrong ? otlp_scan_fail(c, ERR_CORRUPT, in->at, "%s", in->wrong) : 0;
}

int otlp_scan_wire(
	const struct otlp_columns *c, const struct proto_field *field, enum proto_wire wire)
{
	if (field->wire == wire)
		return 0;
	return err_set(c->err, ERR_CORRUPT, "field %u has wire type %u, not %u", field->id,
		field->wire, wire);
}

static int add_index(struct otlp_columns *c, uint64_t number, struct otlp_run *run, size_t max)
{
	uint32_t *index;

	if (run->count == max)
		return err_set(c->err, ERR_LIMIT, "a list of more than %zu indexes", max);
	if (number > UINT32_MAX)
		return err_set(c->err, ERR_CORRUPT, "the index %llu", (unsigned long long)number);
	index = VEC_ADD(c->indices, c->n_indices, c->cap_indices);
	if (!index)
		return otlp_scan_nomem(c);
	if (run->count++ == 0)
		run->first = (uint32_t)(c->n_indices - 1);
	*index = (uint32_t)number;
	return 0;
}

int otlp_scan_indices(
	struct otlp_columns *c, const struct proto_field *field, struct otlp_run *run, size_t max)
{
	struct proto in = proto_of(field->bytes);
	uint64_t number;
	int rc = 0;

	if (run->count && run->first + run->count != c->n_indices)
		return err_set(c->err, ERR_UNSUPPORTED, "a list of indexes in two pieces");
	if (field->wire == PROTO_VARINT)
		return add_index(c, field->number, run, max);
	rc = otlp_scan_wire(c, field, PROTO_BYTES);
	while (rc == 0 && in.at < in.end && proto_varint(&in, &number))
		rc = add_index(c, number, run, max);
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

int otlp_scan_key_value(
	const struct otlp_columns *c, struct view message, struct otlp_attribute *ret)
{
	struct proto in = proto_of(message);
	struct proto_field f;

	*ret = (struct otlp_attribute){ 0 };
	while (proto_next(&in, &f)) {
		if (f.wire == PROTO_BYTES && f.id == OTLP_KEY)
			ret->key = f.bytes;
		else if (f.wire == PROTO_BYTES && f.id == OTLP_VALUE)
			ret->value = f.bytes;
		else if (f.wire == PROTO_VARINT && f.id == OTLP_UNIT_OR_KEY &&
			 f.number < c->n_strings && f.number)
			ret->key = c->strings[f.number];
	}
	return otlp_scan_end(c, &in);
}

static int scan_value_type(struct otlp_columns *c, struct view message, struct value_type *ret)
{
	struct proto in = proto_of(message);
	struct proto_field f;

	while (proto_next(&in, &f)) {
		if (f.id != OTLP_TYPE_NAME && f.id != OTLP_TYPE_UNIT)
			continue;
		if (f.wire != PROTO_VARINT || f.number >= (c->n_strings ? c->n_strings : 1))
			return otlp_scan_fail(c, ERR_CORRUPT, message.at,
				"a sample type whose name is nowhere in the string table");
		*(f.id == OTLP_TYPE_NAME ? &ret->type : &ret->unit) = (uint32_t)f.number;
	}
	return otlp_scan_end(c, &in);
}

static int scan_field(struct otlp_columns *c, const struct proto_field *f, struct otlp_profile *p)
{
	static const uint8_t wires[] = {
		[OTLP_PROFILE_TYPE] = PROTO_BYTES,
		[OTLP_PROFILE_SAMPLES] = PROTO_BYTES,
		[OTLP_PROFILE_TIME] = PROTO_FIXED64,
		[OTLP_PROFILE_DURATION] = PROTO_VARINT,
		[OTLP_PROFILE_PERIOD_TYPE] = PROTO_BYTES,
		[OTLP_PROFILE_PERIOD] = PROTO_VARINT,
		[OTLP_PROFILE_ID] = PROTO_BYTES,
	};
	int rc = f->id && f->id < sizeof(wires) ? otlp_scan_wire(c, f, wires[f->id]) : 0;

	if (rc < 0)
		return rc;
	switch ((enum otlp_profile_field)f->id) {
	case OTLP_PROFILE_TYPE:
		return scan_value_type(c, f->bytes, &p->type);
	case OTLP_PROFILE_SAMPLES:
		if (p->n_samples++ == PPROF_ENTRIES_MAX)
			return otlp_scan_fail(c, ERR_LIMIT, f->bytes.at,
				"more than %zu samples in a profile", PPROF_ENTRIES_MAX);
		return 0;
	case OTLP_PROFILE_TIME:
		p->time_ns = f->number;
		return 0;
	case OTLP_PROFILE_DURATION:
		p->duration_ns = f->number;
		return 0;
	case OTLP_PROFILE_PERIOD_TYPE:
		return scan_value_type(c, f->bytes, &p->period_type);
	case OTLP_PROFILE_PERIOD:
		p->period = (int64_t)f->number;
		return 0;
	case OTLP_PROFILE_ID:
		p->id = f->bytes;
		return 0;
	case OTLP_PROFILE_ATTRIBUTES:
		return otlp_scan_indices(c, f, &p->attributes, OTLP_ATTRIBUTES_MAX);
	}
	return 0;
}

static int scan_profile(
	struct otlp_columns *c, const struct otlp_profile *from, struct view message)
{
	struct proto in = proto_of(message);
	struct proto_field f;
	struct otlp_profile *p;
	int rc = 0;

	if (c->n_profiles == OTLP_PROFILES_MAX)
		return otlp_scan_fail(c, ERR_LIMIT, message.at,
			"more than %zu profiles in a message", OTLP_PROFILES_MAX);
	p = VEC_ADD(c->profiles, c->n_profiles, c->cap_profiles);
	if (!p)
		return otlp_scan_nomem(c);
	*p = *from;
	p->message = message;
	while (rc == 0 && proto_next(&in, &f))
		rc = scan_field(c, &f, p);
	for (uint32_t i = 0; rc == 0 && i < p->attributes.count; i++)
		if (c->indices[p->attributes.first + i] >= c->n_attributes)
			rc = otlp_scan_fail(
				c, ERR_CORRUPT, message.at, "an attribute that is nowhere");
	if (rc < 0)
		return err_where(c->err, "profile %zu", c->n_profiles);
	return otlp_scan_end(c, &in);
}

/* The message's field `id`, wherever it lies; an absent one is empty. */
static struct view find(struct view message, uint32_t id)
{
	struct proto in = proto_of(message);
	struct view found = { 0 };
	struct proto_field f;

	while (proto_next(&in, &f))
		if (f.id == id && f.wire == PROTO_BYTES)
			found = f.bytes;
	return found;
}

static int scan_scope(struct otlp_columns *c, struct view resource, struct view message)
{
	struct otlp_profile from = { .resource = resource, .scope = find(message, OTLP_SCOPE) };
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f))
		if (f.id == OTLP_PROFILES) {
			rc = otlp_scan_wire(c, &f, PROTO_BYTES);
			if (rc == 0)
				rc = scan_profile(c, &from, f.bytes);
		}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static int scan_resource(struct otlp_columns *c, struct view message)
{
	struct view resource = find(message, OTLP_RESOURCE);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f))
		if (f.id == OTLP_SCOPE_PROFILES) {
			rc = otlp_scan_wire(c, &f, PROTO_BYTES);
			if (rc == 0)
				rc = scan_scope(c, resource, f.bytes);
		}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

/* All of the message's fields of one kind. */
static int scan_all(struct otlp_columns *c, uint32_t id,
	int (*scan)(struct otlp_columns *c, struct view message))
{
	struct proto in = proto_of(c->bytes);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f))
		if (f.id == id) {
			rc = otlp_scan_wire(c, &f, PROTO_BYTES);
			if (rc == 0)
				rc = scan(c, f.bytes);
		}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

int otlp_scan(struct view bytes, struct otlp_columns *ret, struct err *err)
{
	int rc;

	*ret = (struct otlp_columns){ .bytes = bytes, .err = err };
	rc = scan_all(ret, OTLP_DICTIONARY, otlp_dictionary_scan);
	if (rc == 0)
		rc = otlp_dictionary_check(ret);
	if (rc == 0)
		rc = scan_all(ret, OTLP_RESOURCE_PROFILES, scan_resource);
	if (rc == 0)
		rc = otlp_layout_find(ret);
	return rc;
}

void otlp_scan_fini(struct otlp_columns *c)
{
	free(c->strings);
	free(c->mappings);
	free(c->functions);
	free(c->locations);
	free(c->lines);
	free(c->links);
	free(c->attributes);
	free(c->stacks);
	free(c->indices);
	free(c->profiles);
}
