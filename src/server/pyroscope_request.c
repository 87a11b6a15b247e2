/* pyroscope_request: what a request to querier.v1 says, whichever it is. */
#include "server/pyroscope_request.h"

#include <stddef.h>

#include "wire/proto.h"

enum kind { TEXT, TEXTS, NUMBER, DOUBLE, STACKS, ASYNC };

#define AT(member) offsetof(struct pyroscope_request, member)

static const struct place {
	const char *name;
	enum kind kind;
	size_t at;
} places[] = {
	{ "profile_typeID", TEXT, AT(type) },
	{ "label_selector", TEXT, AT(selector) },
	{ "name", TEXT, AT(name) },
	{ "query", TEXT, AT(query) },
	{ "left", TEXT, AT(left) },
	{ "right", TEXT, AT(right) },
	{ "matchers", TEXTS, AT(matchers) },
	{ "label_names", TEXTS, AT(label_names) },
	{ "group_by", TEXTS, AT(group_by) },
	{ "profile_id_selector", TEXTS, AT(profile_ids) },
	{ "trace_id_selector", TEXTS, AT(traces) },
	{ "span_selector", TEXTS, AT(spans) },
	{ "start", NUMBER, AT(start_ms) },
	{ "end", NUMBER, AT(end_ms) },
	{ "max_nodes", NUMBER, AT(nodes_max) },
	{ "limit", NUMBER, AT(limit) },
	{ "format", NUMBER, AT(format) },
	{ "aggregation", NUMBER, AT(aggregation) },
	{ "exemplar_type", NUMBER, AT(exemplars) },
	{ "query_type", NUMBER, AT(heatmap) },
	{ "step", DOUBLE, AT(step_s) },
	{ "stack_trace_selector", STACKS, 0 },
	{ "async", ASYNC, 0 },
};

static const uint32_t wires[] = {
	[TEXT] = PROTO_BYTES,
	[TEXTS] = PROTO_BYTES,
	[NUMBER] = PROTO_VARINT,
	[DOUBLE] = PROTO_FIXED64,
	[STACKS] = PROTO_BYTES,
	[ASYNC] = PROTO_BYTES,
};

static const struct place *place_of(const struct protojson_message *message, uint32_t id)
{
	const struct protojson_field *f = message->fields;

	while (f->name && f->id != id)
		f++;
	for (size_t i = 0; f->name && i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].name, f->name) == 0)
			return &places[i];
	return NULL;
}

static int broken(const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "not a message of this method: %s", what);
}

static int add_text(
	struct pyroscope_texts *into, const char *name, struct view text, struct err *err)
{
	if (into->n == PYROSCOPE_REQUEST_TEXTS_MAX)
		return err_set(err, ERR_LIMIT, "%s has more than %u entries", name,
			PYROSCOPE_REQUEST_TEXTS_MAX);
	into->at[into->n++] = text;
	return 0;
}

static int add_call(struct pyroscope_request *into, struct view location, struct err *err)
{
	struct proto in = proto_of(location);
	struct proto_field f;
	struct view name = { 0 };

	if (into->n_call_site == PYROSCOPE_REQUEST_CALLS_MAX)
		return err_set(err, ERR_LIMIT, "the call site is deeper than %u functions",
			PYROSCOPE_REQUEST_CALLS_MAX);
	while (proto_next(&in, &f))
		if (f.id == 1 && f.wire == PROTO_BYTES)
			name = f.bytes;
	into->call_site[into->n_call_site++] = name;
	return in.wrong ? broken(in.wrong, err) : 0;
}

static int read_pgo(struct pyroscope_request *into, struct view pgo, struct err *err)
{
	struct proto in = proto_of(pgo);
	struct proto_field f;

	into->for_pgo = true;
	while (proto_next(&in, &f))
		if (f.id == 1 && f.wire == PROTO_VARINT)
			into->keep_locations = f.number;
		else if (f.id == 2 && f.wire == PROTO_VARINT)
			into->aggregate_callees = f.number;
	return in.wrong ? broken(in.wrong, err) : 0;
}

static int read_stacks(struct pyroscope_request *into, struct view selector, struct err *err)
{
	struct proto in = proto_of(selector);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f))
		if (f.id == 1 && f.wire == PROTO_BYTES)
			rc = add_call(into, f.bytes, err);
		else if (f.id == 2 && f.wire == PROTO_BYTES)
			rc = read_pgo(into, f.bytes, err);
	return rc == 0 && in.wrong ? broken(in.wrong, err) : rc;
}

static int read_async(struct pyroscope_request *into, struct view request, struct err *err)
{
	struct proto in = proto_of(request);
	struct proto_field f;

	while (proto_next(&in, &f))
		if (f.id == 1 && f.wire == PROTO_BYTES)
			into->async_id = f.bytes;
		else if (f.id == 2 && f.wire == PROTO_VARINT)
			into->async_type = f.number;
	return in.wrong ? broken(in.wrong, err) : 0;
}

static int read_field(const struct place *place, const struct proto_field *f,
	struct pyroscope_request *into, struct err *err)
{
	void *at = (char *)into + place->at;

	if (f->wire != wires[place->kind])
		return broken("a field of another kind", err);
	switch (place->kind) {
	case TEXT:
		*(struct view *)at = f->bytes;
		return 0;
	case TEXTS:
		return add_text(at, place->name, f->bytes, err);
	case NUMBER:
	case DOUBLE:
		memcpy(at, &f->number, sizeof(f->number));
		return 0;
	case STACKS:
		return read_stacks(into, f->bytes, err);
	default:
		return read_async(into, f->bytes, err);
	}
}

int pyroscope_request_read(const struct protojson_message *message, struct view bytes,
	struct pyroscope_request *ret, struct err *err)
{
	struct proto in = proto_of(bytes);
	struct proto_field f;
	int rc = 0;

	*ret = (struct pyroscope_request){ 0 };
	while (rc == 0 && proto_next(&in, &f)) {
		const struct place *place = place_of(message, f.id);

		if (place)
			rc = read_field(place, &f, ret, err);
	}
	return rc == 0 && in.wrong ? broken(in.wrong, err) : rc;
}
