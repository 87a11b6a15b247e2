/* otlpmessage: OpenTelemetry's ExportProfilesServiceRequest, as protobuf or as its JSON. */
#include "ingest/otlpmessage.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "codec/otlp_format.h"
#include "ingest/census.h"
#include "ingest/profilekind.h"
#include "ingest/unpack.h"

#define SHARED                                                                            \
	2 /* a stack that profiles share is in the dictionary once: half of what it takes \
	   */

struct reading {
	const struct limits *limits;
	struct intake_batch *batch;
	struct otlpmessage_rejected *rejected;
	struct refusal *refusal;
	struct hash128 content; /* of the message */
	uint64_t n_parts;
	size_t frames;        /* of all profiles together */
	struct census census; /* of the message, whose stacks profiles may share */
};

static bool has_type(
	const struct profile *profile, struct value_type type, const char *name, const char *unit)
{
	return view_equal(profile_text(profile, type.type), view_of(name)) &&
	       view_equal(profile_text(profile, type.unit), view_of(unit));
}

static bool counts_ticks(const struct profile *profile)
{
	return profile->n_types == 1 && profile->period > 0 &&
	       has_type(profile, profile->types[0], "samples", "count") &&
	       has_type(profile, profile->period_type, "cpu", "nanoseconds");
}

/* A type that none of ours is like is its own name. */
static struct view name_of(const struct profile *profile)
{
	struct view type = profile_text(profile, profile->types[0].type);
	struct view name = profilekind_name(profile);

	if (view_equal(type, VIEW("off_cpu")))
		return type;
	if (!view_equal(name, VIEW("process_cpu")) || !type.len ||
		view_equal(type, VIEW("samples")) || memmem(type.at, type.len, "cpu", 3))
		return name;
	return type;
}

/* The sender's own id, or where the profile is in the message: that comes again as it is. */
static struct hash128 id_of(const struct reading *r, const struct part *part)
{
	struct hash128 id = { r->content.low ^ hash_u64(r->n_parts), r->content.high };

	if (part->has_id)
		memcpy(&id, part->id, sizeof(id));
	return id;
}

static void label(struct intake_profile *item, const struct part *part)
{
	struct view process = { 0 };
	char name[256];

	for (size_t i = 0; i < part->n_labels; i++) {
		struct view key = part->labels[i].name;

		if (view_equal(key, VIEW("process")))
			process = part->labels[i].value;
		if (!view_starts(key, VIEW("__")) &&
			!labelset_set(&item->labels, key, part->labels[i].value))
			return; /* more than any limit: the check says so */
	}
	if (labelset_find(&item->labels, "service_name").len)
		return;
	snprintf(name, sizeof(name), "unknown_service%s%.*s", process.len ? ":" : "",
		process.len < 200 ? (int)process.len : 200, process.len ? process.at : "");
	labelset_set(&item->labels, VIEW("service_name"), view_of(name));
}

/* A profile that cannot be taken is no reason to lose those beside it. */
static int reject(struct reading *r, const struct refusal *why)
{
	if (why->status >= 500)
		return refusal_set(r->refusal, why->status, "%s", why->text);
	if (!r->rejected->profiles++)
		r->rejected->first = *why;
	return 0;
}

static int add(struct reading *r, const struct part *part, struct unpacked *unpacked)
{
	struct intake_profile *item = intake_batch_add(r->batch, unpacked->profile);
	struct refusal why = { 0 };

	if (!item)
		return refusal_set(r->refusal, 503, "out of memory");
	if (!item->profile->time_ns)
		item->profile->time_ns = (int64_t)clock_realtime_ns();
	item->samples_count_more = true;
	item->id = id_of(r, part);
	item->name = name_of(item->profile);
	label(item, part);
	if (intake_check(r->limits, item, &why) == 0) {
		r->batch->n_cut += unpacked->n_cut;
		return 0;
	}
	intake_batch_drop(r->batch);
	return reject(r, &why);
}

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	struct reading *r = owner;
	struct unpacked unpacked = { .profile = profile };
	struct refusal why = { 0 };
	int rc;

	r->frames += profile->stacks.count;
	if (++r->n_parts > r->limits->profiles || r->frames > r->limits->frames) {
		profile_free(profile);
		err_set(err, ERR_USAGE, "a limit");
		if (r->n_parts > r->limits->profiles)
			return refusal_set(r->refusal, 413,
				"more than %llu profiles in a request (limits.profiles)",
				(unsigned long long)r->limits->profiles);
		return refusal_set(r->refusal, 422,
			"more than %llu frames in the profiles of a request (limits.frames)",
			(unsigned long long)r->limits->frames);
	}
	if (r->frames > r->census.frames &&
		readroom_take(&r->batch->seat, 0,
			&(struct census){ .frames = profile->stacks.count / SHARED },
			r->refusal) < 0) {
		profile_free(profile);
		return err_set(err, ERR_USAGE, "a limit");
	}
	if (unpack_within(&unpacked, r->limits, &why) == 0) {
		rc = add(r, part, &unpacked);
	} else {
		profile_free(unpacked.profile);
		rc = reject(r, &why);
	}
	return rc < 0 ? err_set(err, rc, "a limit") : 0;
}

/* What profiles of one capture have in common. */
static uint64_t capture_of(const struct intake_profile *item)
{
	return hash_keyed_pair(labelset_hash(&item->labels), (uint64_t)item->profile->time_ns);
}

/* Which captures say how much CPU time they saw. */
static bool find_cpu_time(const struct intake_batch *batch, struct map *captures)
{
	for (size_t i = 0; i < batch->n; i++) {
		const struct profile *profile = batch->at[i].profile;

		if (has_type(profile, profile->types[0], "cpu", "nanoseconds") &&
			!map_add(captures, capture_of(&batch->at[i]), NULL))
			return false;
	}
	return true;
}

static int make_time_of_ticks(struct reading *r)
{
	MAP_AUTO captures = { 0 };

	if (!find_cpu_time(r->batch, &captures))
		return refusal_set(r->refusal, 503, "out of memory");
	for (size_t i = 0; i < r->batch->n; i++) {
		struct profile *profile = r->batch->at[i].profile;

		if (counts_ticks(profile) && !map_find(&captures, capture_of(&r->batch->at[i])))
			profile_retype(profile, 0, VIEW("cpu"), VIEW("nanoseconds"),
				(double)profile->period);
	}
	return 0;
}

static int read_parts(struct reading *r, struct view message)
{
	struct parts_sink sink = { take, r };
	struct err err = { 0 };
	int rc = census_otlp(message, r->limits, &r->census, r->refusal);

	if (rc == 0)
		rc = readroom_take(&r->batch->seat, message.len, &r->census, r->refusal);
	if (rc < 0)
		return rc;
	rc = otlp_decode_parts(message, &sink, &err);
	if (rc < 0)
		return r->refusal->status ? ERR_USAGE : refusal_of(r->refusal, &err, NULL);
	if (make_time_of_ticks(r) < 0)
		return ERR_USAGE;
	if (!r->batch->n && r->rejected->profiles) {
		*r->refusal = r->rejected->first;
		return ERR_USAGE;
	}
	return 0;
}

int otlpmessage_proto(struct view message, const struct limits *limits, struct intake_batch *batch,
	struct otlpmessage_rejected *rejected, struct refusal *refusal)
{
	struct reading r = { .limits = limits,
		.batch = batch,
		.rejected = rejected,
		.refusal = refusal,
		.content = hash128_view(message) };

	batch->bytes += message.len;
	return read_parts(&r, message);
}

int otlpmessage_json(struct view text, const struct limits *limits, struct intake_batch *batch,
	struct otlpmessage_rejected *rejected, struct refusal *refusal)
{
	BUF_AUTO message = { 0 };
	struct err err = { 0 };

	if (!text.len)
		return refusal_set(refusal, 400, "an empty body is no JSON");
	if (otlp_json_read(text, &message, &err) < 0)
		return refusal_of(refusal, &err, NULL);
	return otlpmessage_proto(buf_view(&message), limits, batch, rejected, refusal);
}
