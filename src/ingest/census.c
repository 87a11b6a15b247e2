/* census: how much a profile's bytes would become, counted before memory is taken for it. */
#include "ingest/census.h"

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

int census_pprof(struct view message, const struct limits *limits, struct refusal *refusal)
{
	uint64_t n[PPROF_FIELDS] = { 0 }, frames = 0, location_bytes = 0;
	struct proto in = proto_of(message);
	struct proto_field field;

	while (proto_next(&in, &field)) {
		if (field.id >= PPROF_FIELDS || field.wire != PROTO_BYTES)
			continue;
		n[field.id]++;
		if (field.id == PPROF_SAMPLE)
			frames += frames_of(field.bytes);
		else if (field.id == PPROF_LOCATION)
			location_bytes += field.bytes.len;
	}
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

/* Between two frames of a text is a ';', a line end or a comma. */
int census_text(struct view text, const struct limits *limits, struct refusal *refusal)
{
	uint64_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += (text.at[i] == ';') | (text.at[i] == '\n') | (text.at[i] == ',');
	return n > limits->frames ? too_many(refusal, n, "frames", limits->frames, "frames") : 0;
}
