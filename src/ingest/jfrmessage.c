/* jfrmessage: a recording of Java's Flight Recorder, on its way to be several profiles. */
#include "ingest/jfrmessage.h"

#include "base/buf.h"
#include "codec/jfr_format.h"
#include "wire/gzip.h"

#define EVENT_BYTES_MIN 8 /* of an event or an entry, about */

struct reading {
	const struct limits *limits;
	const struct jfrmessage_sink *sink;
	struct refusal *refusal;
	size_t bytes; /* not said yet */
};

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	struct reading *r = owner;
	struct unpacked unpacked = { .profile = profile, .bytes = r->bytes };
	int rc = unpack_within(&unpacked, r->limits, r->refusal);

	r->bytes = 0;
	if (rc == 0)
		rc = r->sink->take(r->sink->owner, part->name, &unpacked, r->refusal);
	else
		profile_free(unpacked.profile);
	return rc < 0 ? err_set(err, rc, "a limit") : 0;
}

static int unzip(
	const struct limits *limits, struct view *bytes, struct buf *room, struct refusal *refusal)
{
	struct gzip_limits unzip = { limits->unpacked_bytes, limits->unpack_ratio };
	struct err err = { 0 };

	if (gzip_is(*bytes)) {
		if (gzip_inflate(*bytes, &unzip, room, &err) < 0)
			return refusal_of(refusal, &err, "limits.unpacked_bytes or .unpack_ratio");
		*bytes = buf_view(room);
	}
	if (bytes->len > limits->unpacked_bytes)
		return refusal_set(refusal, 413,
			"a recording of %zu bytes; the limit is %llu (limits.unpacked_bytes)",
			bytes->len, (unsigned long long)limits->unpacked_bytes);
	return 0;
}

static int read(struct reading *r, struct view recording, const struct jfr_terms *terms)
{
	struct parts_sink sink = { take, r };
	struct err err = { 0 };

	r->bytes = recording.len + terms->labels.len;
	if (jfr_decode_parts(recording, terms, &sink, &err) == 0)
		return 0;
	return r->refusal->status ? ERR_USAGE : refusal_of(r->refusal, &err, NULL);
}

int jfrmessage_read(const struct jfrmessage *message, const struct limits *limits,
	const struct jfrmessage_sink *sink, struct refusal *refusal)
{
	struct reading r = { limits, sink, refusal, 0 };
	struct view recording = message->recording;
	struct jfr_terms terms = { .rate = message->rate,
		.labels = message->labels,
		.entries_max = limits->locations,
		.events_max = limits->samples,
		.frames_max = limits->frames };
	BUF_AUTO room = { 0 };
	BUF_AUTO label_room = { 0 };
	struct census census = { 0 };
	int rc = unzip(limits, &recording, &room, refusal);

	if (rc == 0)
		rc = unzip(limits, &terms.labels, &label_room, refusal);
	census.entries = recording.len / EVENT_BYTES_MIN;
	if (rc == 0 && message->seat)
		rc = readroom_take(message->seat, recording.len, &census, refusal);
	return rc < 0 ? rc : read(&r, recording, &terms);
}
