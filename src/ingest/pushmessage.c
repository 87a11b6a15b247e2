/* pushmessage: push.v1.PushRequest, as protobuf or as its JSON. */
#include "ingest/pushmessage.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/vec.h"
#include "ingest/unpack.h"
#include "wire/base64.h"
#include "wire/json_read.h"
#include "wire/proto.h"

struct raw {
	struct view bytes, id;
};

/* One series while it is read; its samples may come before its labels. */
struct reading {
	const struct limits *limits;
	struct intake_batch *batch;
	struct refusal *refusal;
	struct labelset labels;
	struct view name;
	struct raw *raws; /* owned */
	size_t n_raws, cap_raws;
};

static int add_label(struct reading *r, struct view name, struct view value)
{
	const char *copy;

	if (view_equal(name, VIEW("__name__"))) {
		copy = arena_copy(&r->batch->arena, value);
		r->name = (struct view){ copy, copy ? value.len : 0 };
		return 0;
	}
	if (!name.len ||
		(view_starts(name, VIEW("__")) && !view_equal(name, VIEW("__session_id__"))))
		return 0;
	if (!labelset_set(&r->labels, name, value))
		return refusal_set(
			r->refusal, 422, "more than %d labels (limits.labels)", LABELSET_MAX);
	return 0;
}

static int add_raw(struct reading *r, struct raw raw)
{
	struct raw *added;

	if (r->n_raws + r->batch->n >= r->limits->profiles)
		return refusal_set(r->refusal, 413,
			"more than %llu profiles in a request (limits.profiles)",
			(unsigned long long)r->limits->profiles);
	added = VEC_ADD(r->raws, r->n_raws, r->cap_raws);
	if (!added)
		return refusal_set(r->refusal, 503, "out of memory");
	*added = raw;
	return 0;
}

static int unpack(struct reading *r, const struct raw *raw)
{
	struct intake_profile *item;
	struct unpacked unpacked;
	struct unpack_packed packed = { raw->bytes, VIEW("pprof"), &r->batch->seat };
	int rc = unpack_profile(&packed, r->limits, &unpacked, r->refusal);

	if (rc < 0)
		return rc;
	r->batch->bytes += unpacked.bytes;
	r->batch->n_cut += unpacked.n_cut;
	if (r->batch->bytes > r->limits->unpacked_bytes) { /* all of them are in memory at once */
		profile_free(unpacked.profile);
		return refusal_set(r->refusal, 413,
			"the profiles have more than %llu bytes together (limits.unpacked_bytes): "
			"send fewer at once",
			(unsigned long long)r->limits->unpacked_bytes);
	}
	item = intake_batch_add(r->batch, unpacked.profile);
	if (!item)
		return refusal_set(r->refusal, 503, "out of memory");
	labelset_copy(&item->labels, &r->labels);
	item->name = r->name;
	item->id = hash128_view(raw->id.len ? raw->id : raw->bytes);
	item->id.high ^= hash_view(r->name);
	if (!item->profile->time_ns)
		item->profile->time_ns = (int64_t)clock_realtime_ns();
	return 0;
}

static int end_series(struct reading *r)
{
	int rc = 0;

	if (!r->name.len)
		rc = refusal_set(r->refusal, 400, "a series needs the label __name__");
	for (size_t i = 0; rc == 0 && i < r->n_raws; i++)
		rc = unpack(r, &r->raws[i]);
	r->n_raws = 0;
	r->name = (struct view){ 0 };
	labelset_init(&r->labels, &r->batch->arena);
	return rc;
}

static int broken(struct reading *r, const char *why)
{
	return refusal_set(r->refusal, 400, "not a push.v1.PushRequest: %s", why);
}

/* Two fields of bytes, 1 and 2, as a label and a sample have them. */
static bool read_pair(struct view message, struct view *ret_first, struct view *ret_second)
{
	struct proto in = proto_of(message);
	struct proto_field field;

	*ret_first = *ret_second = (struct view){ 0 };
	while (proto_next(&in, &field)) {
		if (field.wire != PROTO_BYTES)
			continue;
		if (field.id == 1)
			*ret_first = field.bytes;
		else if (field.id == 2)
			*ret_second = field.bytes;
	}
	return !in.wrong;
}

static int proto_series(struct reading *r, struct view message)
{
	struct proto in = proto_of(message);
	struct proto_field field;
	struct view first, second;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &field)) {
		if (field.wire != PROTO_BYTES || field.id > 2)
			continue;
		if (!read_pair(field.bytes, &first, &second))
			rc = broken(r, "a label or a sample is damaged");
		else if (field.id == 1)
			rc = add_label(r, first, second);
		else
			rc = add_raw(r, (struct raw){ first, second });
	}
	if (rc == 0 && in.wrong)
		rc = broken(r, in.wrong);
	return rc < 0 ? rc : end_series(r);
}

int pushmessage_proto(struct view message, const struct limits *limits, struct intake_batch *batch,
	struct refusal *refusal)
{
	struct reading r = { .limits = limits, .batch = batch, .refusal = refusal };
	struct proto in = proto_of(message);
	struct proto_field field;
	int rc = 0;

	labelset_init(&r.labels, &batch->arena);
	while (rc == 0 && proto_next(&in, &field))
		if (field.id == 1 && field.wire == PROTO_BYTES)
			rc = proto_series(&r, field.bytes);
	if (rc == 0 && in.wrong)
		rc = broken(&r, in.wrong);
	free(r.raws);
	return rc;
}

static bool is_key(struct view key, const char *camel, const char *original)
{
	return view_equal(key, view_of(camel)) || view_equal(key, view_of(original));
}

static bool read_text(struct json_read *in, struct view *ret)
{
	if (json_read_peek(in) == 'n')
		return json_read_skip(in);
	return json_read_text(in, ret);
}

static struct view keep(struct reading *r, struct view text)
{
	const char *copy = arena_copy(&r->batch->arena, text);

	return (struct view){ copy, copy ? text.len : 0 };
}

static int json_label(struct reading *r, struct json_read *in)
{
	struct view key, text, name = { 0 }, value = { 0 };

	json_read_object(in);
	while (json_read_key(in, &key)) {
		struct view *into = view_equal(key, VIEW("name"))    ? &name
				    : view_equal(key, VIEW("value")) ? &value
								     : NULL;

		text = (struct view){ 0 };
		if (!into)
			json_read_skip(in);
		else if (read_text(in, &text))
			*into = keep(r, text);
	}
	return in->wrong ? broken(r, in->wrong) : add_label(r, name, value);
}

static int json_sample(struct reading *r, struct json_read *in)
{
	struct raw raw = { 0 };
	struct view key, text;

	json_read_object(in);
	while (json_read_key(in, &key)) {
		bool is_profile = is_key(key, "rawProfile", "raw_profile");
		BUF_AUTO bytes = { 0 };

		text = (struct view){ 0 };
		if (!is_profile && !is_key(key, "ID", "id")) {
			json_read_skip(in);
		} else if (read_text(in, &text) && is_profile) {
			if (!base64_decode(text, &bytes))
				return broken(r, "a raw profile is no base64");
			raw.bytes = keep(r, buf_view(&bytes));
		} else {
			raw.id = keep(r, text);
		}
	}
	return in->wrong ? broken(r, in->wrong) : add_raw(r, raw);
}

static int json_each(struct reading *r, struct json_read *in,
	int (*each)(struct reading *r, struct json_read *in))
{
	int rc = 0;

	if (json_read_peek(in) == 'n') {
		json_read_skip(in);
		return 0;
	}
	json_read_array(in);
	while (rc == 0 && json_read_item(in))
		rc = each(r, in);
	return rc < 0 || !in->wrong ? rc : broken(r, in->wrong);
}

static int json_series(struct reading *r, struct json_read *in)
{
	struct view key;
	int rc = 0;

	json_read_object(in);
	while (rc == 0 && json_read_key(in, &key)) {
		if (view_equal(key, VIEW("labels")))
			rc = json_each(r, in, json_label);
		else if (view_equal(key, VIEW("samples")))
			rc = json_each(r, in, json_sample);
		else
			json_read_skip(in);
	}
	if (rc == 0 && in->wrong)
		rc = broken(r, in->wrong);
	return rc < 0 ? rc : end_series(r);
}

int pushmessage_json(struct view text, const struct limits *limits, struct intake_batch *batch,
	struct refusal *refusal)
{
	struct reading r = { .limits = limits, .batch = batch, .refusal = refusal };
	struct json_read in;
	struct view key;
	int rc = 0;

	labelset_init(&r.labels, &batch->arena);
	json_read_init(&in, text);
	json_read_object(&in);
	while (rc == 0 && json_read_key(&in, &key)) {
		if (view_equal(key, VIEW("series")))
			rc = json_each(&r, &in, json_series);
		else
			json_read_skip(&in);
	}
	if (rc == 0 && in.wrong)
		rc = broken(&r, in.wrong);
	json_read_fini(&in);
	free(r.raws);
	return rc;
}
