/*
 * otlp_layout: which of two layouts the samples of an OTLP message are in.
 *
 *     field   until proto 1.9         since 1.10
 *     2       values (packed)         attributes (packed)
 *     3       attributes (packed)     link (one number)
 *     4       link (one number)       values (packed)
 *
 * One packed list where the other layout has a number, or the other way round, tells them apart: a
 * sample of the new layout that says anything has field 4. Field 2 alone is the old layout, but for
 * samples that consist of timestamps: those may do without values. All samples of a message come
 * from one writer.
 */
#include "codec/otlp_scan.h"

struct votes {
	const void *old, *new; /* where such a sample was seen */
	const void *bare; /* with field 2 alone, and as many timestamps as nothing says otherwise */
	const void *timed; /* with field 2 and timestamps of another number */
};

static size_t count_packed(struct view packed)
{
	size_t count = 0;

	for (size_t i = 0; i < packed.len; i++)
		count += (uint8_t)packed.at[i] < 0x80;
	return count;
}

static int look_at_sample(const struct otlp_columns *c, struct view message, struct votes *votes)
{
	struct proto in = proto_of(message);
	size_t twos = 0, timestamps = 0;
	bool is_old = false, is_new = false;
	struct proto_field f;

	while (proto_next(&in, &f)) {
		bool packed = f.wire == PROTO_BYTES;

		is_old |= (f.id == 3 && packed) || (f.id == 4 && !packed);
		is_new |= (f.id == 3 && !packed) || (f.id == 4 && packed);
		if (f.id == 2)
			twos += packed ? count_packed(f.bytes) : 1;
		if (f.id == OTLP_SAMPLE_TIMESTAMPS)
			timestamps += packed ? f.bytes.len / sizeof(uint64_t) : 1;
	}
	if (is_old)
		votes->old = message.at;
	if (is_new)
		votes->new = message.at;
	if (!is_old && !is_new && twos)
		*(timestamps && timestamps != twos ? &votes->timed : &votes->bare) = message.at;
	return otlp_scan_end(c, &in);
}

static int look_at_profile(const struct otlp_columns *c, struct view message, struct votes *votes)
{
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f))
		if (f.id == OTLP_PROFILE_SAMPLES)
			rc = look_at_sample(c, f.bytes, votes);
	return rc;
}

int otlp_layout_find(struct otlp_columns *c)
{
	struct votes votes = { 0 };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->n_profiles; i++)
		rc = look_at_profile(c, c->profiles[i].message, &votes);
	if (rc < 0)
		return rc;
	if (votes.old && votes.new)
		return otlp_scan_fail(c, ERR_CORRUPT, votes.old,
			"a sample laid out as before OTLP 1.10 in a message that has newer ones");
	c->is_old = votes.old || (!votes.new &&votes.bare && !votes.timed);
	return 0;
}
