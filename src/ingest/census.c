/* census: how much a profile's bytes would become, counted before memory is taken for it. */
#include "ingest/census.h"

#include "codec/otlp_format.h"
#include "codec/pprof_format.h"
#include "wire/proto.h"

#define LINE_BYTES_MIN 4 /* of a line within a location: a tag, a length, a function */

static int too_many(
	struct refusal *refusal, uint64_t n, const char *what, uint64_t max, const char *setting)
{
	return refusal_set(refusal, 422, "%llu %s in a profile; the limit is %llu (limits.%s)",
		(unsigned long long)n, what, (unsigned long long)max, setting);
}

/* Numbers of a packed list: each ends with a byte below 0x80. */
static uint64_t packed(struct view list)
{
	uint64_t n = 0;

	for (size_t i = 0; i < list.len; i++)
		n += (uint8_t)list.at[i] < 0x80;
	return n;
}

static uint64_t frames_of(struct view sample)
{
	struct proto in = proto_of(sample);
	struct proto_field field;
	uint64_t n = 0;

	while (proto_next(&in, &field))
		if (field.id == PPROF_SAMPLE_LOCATION)
			n += field.wire == PROTO_BYTES ? packed(field.bytes) : 1;
	return n;
}

int census_pprof(struct view message, const struct limits *limits, struct census *ret,
	struct refusal *refusal)
{
	uint64_t n[PPROF_FIELDS] = { 0 }, frames = 0, location_bytes = 0;
	struct proto in = proto_of(message);
	struct proto_field field;

	while (proto_next(&in, &field)) {
		if (field.id >= PPROF_FIELDS || field.wire != PROTO_BYTES)
			continue;
		n[field.id]++;
		ret->entries++;
		if (field.id == PPROF_SAMPLE)
			frames += frames_of(field.bytes);
		else if (field.id == PPROF_LOCATION)
			location_bytes += field.bytes.len;
	}
	ret->frames = frames;
	if (n[PPROF_SAMPLE] > limits->samples)
		return too_many(refusal, n[PPROF_SAMPLE], "samples", limits->samples, "samples");
	if (frames > limits->frames)
		return too_many(refusal, frames, "frames", limits->frames, "frames");
	if (n[PPROF_STRING_TABLE] > limits->strings)
		return too_many(
			refusal, n[PPROF_STRING_TABLE], "strings", limits->strings, "strings");
	for (uint32_t id = PPROF_MAPPING; id <= PPROF_FUNCTION; id++)
		if (n[id] > limits->locations)
			return too_many(refusal, n[id], "entries of a table", limits->locations,
				"locations");
	if (location_bytes / LINE_BYTES_MIN / 16 > limits->locations)
		return too_many(refusal, location_bytes, "bytes of locations",
			limits->locations * LINE_BYTES_MIN * 16, "locations");
	return 0;
}

/* A message's fields of one number, looked into one after another. */
static bool next_of(struct proto *in, uint32_t id, struct view *ret)
{
	struct proto_field field;

	while (proto_next(in, &field))
		if (field.id == id && field.wire == PROTO_BYTES) {
			*ret = field.bytes;
			return true;
		}
	return false;
}

static uint64_t otlp_samples(struct view resource_profiles)
{
	struct proto scopes = proto_of(resource_profiles);
	struct view scope, profile, sample;
	uint64_t n = 0;

	while (next_of(&scopes, OTLP_SCOPE_PROFILES, &scope)) {
		struct proto profiles = proto_of(scope);

		while (next_of(&profiles, OTLP_PROFILES, &profile)) {
			struct proto samples = proto_of(profile);

			while (next_of(&samples, OTLP_PROFILE_SAMPLES, &sample))
				n++;
		}
	}
	return n;
}

struct otlp_counts {
	uint64_t tables[OTLP_TABLES], frames, location_bytes;
};

static void count_dictionary(struct view message, struct otlp_counts *counts)
{
	struct proto in = proto_of(message);
	struct proto_field field, index;

	while (proto_next(&in, &field)) {
		if (field.id >= OTLP_TABLES || field.wire != PROTO_BYTES)
			continue;
		counts->tables[field.id]++;
		if (field.id == OTLP_LOCATIONS)
			counts->location_bytes += field.bytes.len;
		if (field.id == OTLP_STACKS) {
			struct proto stack = proto_of(field.bytes);

			while (proto_next(&stack, &index))
				counts->frames +=
					index.wire == PROTO_BYTES ? packed(index.bytes) : 1;
		}
	}
}

static int judge_dictionary(
	const struct otlp_counts *counts, const struct limits *limits, struct refusal *refusal)
{
	for (uint32_t id = OTLP_MAPPINGS; id < OTLP_TABLES; id++)
		if (id != OTLP_STRINGS && counts->tables[id] > limits->locations)
			return too_many(refusal, counts->tables[id], "entries of a table",
				limits->locations, "locations");
	if (counts->tables[OTLP_STRINGS] > limits->strings)
		return too_many(refusal, counts->tables[OTLP_STRINGS], "strings", limits->strings,
			"strings");
	if (counts->frames > limits->frames)
		return too_many(refusal, counts->frames, "frames", limits->frames, "frames");
	if (counts->location_bytes / LINE_BYTES_MIN / 16 > limits->locations)
		return too_many(refusal, counts->location_bytes, "bytes of locations",
			limits->locations * LINE_BYTES_MIN * 16, "locations");
	return 0;
}

int census_otlp(struct view message, const struct limits *limits, struct census *ret,
	struct refusal *refusal)
{
	struct proto in = proto_of(message);
	struct otlp_counts counts = { 0 };
	struct proto_field field;
	uint64_t samples = 0;

	while (proto_next(&in, &field)) {
		if (field.wire == PROTO_BYTES && field.id == OTLP_RESOURCE_PROFILES)
			samples += otlp_samples(field.bytes);
		else if (field.wire == PROTO_BYTES && field.id == OTLP_DICTIONARY)
			count_dictionary(field.bytes, &counts);
	}
	ret->frames = counts.frames;
	ret->entries = samples;
	for (uint32_t id = 0; id < OTLP_TABLES; id++)
		ret->entries += counts.tables[id];
	if (samples > limits->samples)
		return too_many(refusal, samples, "samples", limits->samples, "samples");
	return judge_dictionary(&counts, limits, refusal);
}

/* Between two frames of a text is a ';', a line end or a comma. */
int census_text(
	struct view text, const struct limits *limits, struct census *ret, struct refusal *refusal)
{
	uint64_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += (text.at[i] == ';') | (text.at[i] == '\n') | (text.at[i] == ',');
	ret->frames = n;
	return n > limits->frames ? too_many(refusal, n, "frames", limits->frames, "frames") : 0;
}
