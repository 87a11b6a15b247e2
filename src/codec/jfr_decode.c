/* jfr_decode: a recording as one profile, or as one for each kind of event. */
#include "codec/jfr_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "codec/jfr_events.h"
#include "codec/jfr_labels.h"
#include "codec/jfr_stacks.h"

/* A profile that one kind of events goes into, or several. */
struct filling {
	struct profile *profile; /* NULL until there is such an event */
	struct jfr_stacks stacks;
	struct map label_sets; /* context -> the profile's */
	bool is_known;         /* its stacks are those of the chunk */
};

struct decoding {
	struct jfr_terms terms;
	struct jfr_labels labels;
	struct err *err;
	struct jfr_chunk *chunk;
	struct filling fillings[JFR_PROFILES];
	struct filling *of_kind[JFR_PROFILES];
	size_t first_type[JFR_PROFILES]; /* of the kind, in its profile */
	bool is_there[JFR_PROFILES];     /* once the events were looked through */
	int64_t time_ns, end_ns, period_ns;
	size_t events;
	struct label *label; /* owned */
	size_t cap_labels;
};

static int nomem(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int add_types(struct decoding *d, enum jfr_profile kind, struct profile *into)
{
	const struct jfr_profile_kind *k = &jfr_events_kinds[kind];
	int rc = 0;

	d->first_type[kind] = into->n_types;
	for (size_t i = 0; rc == 0 && i < 2 && k->types[i]; i++)
		rc = profile_add_type(into, view_of(k->types[i]), view_of(k->units[i]), d->err);
	return rc;
}

static void begin_filling(struct filling *filling, struct profile *into, const struct decoding *d)
{
	filling->profile = into;
	filling->stacks.into = into;
	filling->stacks.frames_left = d->terms.frames_max;
}

/* ---- samples ---- */

static int labels_of(struct decoding *d, struct filling *filling, uint64_t context, uint32_t *ret)
{
	struct jfr_labels_cursor cursor = { 0 };
	struct view key, value;
	uint64_t *place;
	bool is_new;
	size_t n = 0;

	*ret = 0;
	if (!context || !d->labels.contexts.count)
		return 0;
	place = map_add(&filling->label_sets, context, &is_new);
	if (!place)
		return nomem(d->err);
	while (is_new && jfr_labels_next(&d->labels, context, &cursor, &key, &value)) {
		struct label *label = VEC_ADD(d->label, n, d->cap_labels);

		if (!label)
			return nomem(d->err);
		*label = (struct label){ .key = profile_string(filling->profile, key),
			.str = profile_string(filling->profile, value) };
	}
	if (is_new)
		*place = profile_labels(filling->profile, d->label, n);
	*ret = (uint32_t)*place;
	return filling->profile->failed ? nomem(d->err) : 0;
}

static int take(void *owner, const struct jfr_event *event, struct err *err)
{
	struct decoding *d = owner;
	struct filling *filling = d->of_kind[event->profile];
	int64_t values[PROFILE_TYPES_MAX] = { 0 };
	uint32_t stack = STACK_EMPTY, labels = 0;
	int rc;

	if (++d->events > d->terms.events_max)
		return err_set(err, ERR_LIMIT, "more than %zu samples in a recording",
			d->terms.events_max);
	if (!filling->is_known)
		jfr_stacks_begin(&filling->stacks, d->chunk);
	filling->is_known = true;
	rc = jfr_stacks_find(&filling->stacks, event->stack, &stack, err);
	if (rc == 0)
		rc = labels_of(d, filling, event->context, &labels);
	if (rc < 0)
		return rc;
	memcpy(&values[d->first_type[event->profile]], event->values,
		jfr_events_kinds[event->profile].types[1] ? sizeof(event->values)
							  : sizeof(event->values[0]));
	profile_add(filling->profile, stack, labels, values);
	return filling->profile->failed ? nomem(err) : 0;
}

static int note(void *owner, const struct jfr_event *event, struct err *err)
{
	struct decoding *d = owner;

	d->is_there[event->profile] = true;
	return 0;
}

/* ---- chunks ---- */

static int read_chunk(struct decoding *d, struct view *rest, const struct jfr_events_sink *sink)
{
	struct jfr_chunk *chunk = calloc(1, sizeof(*chunk));
	int rc;

	if (!chunk)
		return nomem(d->err);
	rc = jfr_chunk_open(rest, d->terms.entries_max, chunk, d->err);
	d->chunk = chunk;
	for (size_t i = 0; i < JFR_PROFILES; i++)
		d->fillings[i].is_known = false;
	if (rc == 0)
		rc = jfr_events_read(chunk, d->terms.rate, sink, &d->period_ns, d->err);
	if (rc == 0 && chunk->is_out_of_memory)
		rc = nomem(d->err);
	if (rc == 0 && (!d->time_ns || chunk->time_ns < d->time_ns))
		d->time_ns = chunk->time_ns;
	if (rc == 0 && chunk->time_ns + chunk->duration_ns > d->end_ns)
		d->end_ns = chunk->time_ns + chunk->duration_ns;
	jfr_chunk_close(chunk);
	free(chunk);
	return rc;
}

static int read_chunks(struct decoding *d, struct view bytes,
	int (*each)(void *, const struct jfr_event *, struct err *))
{
	struct jfr_events_sink sink = { each, d };
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && (bytes.len || !n)) {
		n++;
		rc = read_chunk(d, &bytes, &sink);
		if (rc < 0)
			err_where(d->err, "chunk %zu", n);
	}
	return rc;
}

static int begin(struct decoding *d, const struct jfr_terms *terms, struct err *err)
{
	*d = (struct decoding){ .terms = *terms, .err = err };
	if (!d->terms.entries_max)
		d->terms.entries_max = JFR_ENTRIES_MAX;
	if (!d->terms.events_max)
		d->terms.events_max = JFR_EVENTS_MAX;
	if (!d->terms.frames_max)
		d->terms.frames_max = JFR_FRAMES_MAX;
	return jfr_labels_read(terms->labels, &d->labels, err);
}

static void end(struct decoding *d)
{
	for (size_t i = 0; i < JFR_PROFILES; i++) {
		jfr_stacks_fini(&d->fillings[i].stacks);
		map_fini(&d->fillings[i].label_sets);
	}
	jfr_labels_fini(&d->labels);
	free(d->label);
}

static void finish(const struct decoding *d, enum jfr_profile kind, struct profile *profile)
{
	const struct jfr_profile_kind *k = &jfr_events_kinds[kind];

	profile->time_ns = d->time_ns;
	profile->duration_ns = d->end_ns - d->time_ns;
	profile->period = kind == JFR_CPU || kind == JFR_WALL ? d->period_ns : 0;
	profile->period_type.type = profile_string(profile, view_of(k->period_type));
	profile->period_type.unit = profile_string(profile, view_of(k->period_unit));
}

/* Which kinds there are has to be known before the first sample: so the events are read twice. */
static int decode(struct decoding *d, struct view bytes, struct profile *into)
{
	enum jfr_profile first = JFR_PROFILES;
	int rc = read_chunks(d, bytes, note);

	for (size_t i = 0; rc == 0 && i < JFR_PROFILES; i++) {
		d->of_kind[i] = &d->fillings[0];
		if (!d->is_there[i])
			continue;
		rc = add_types(d, (enum jfr_profile)i, into);
		if (first == JFR_PROFILES)
			first = (enum jfr_profile)i;
	}
	if (rc == 0 && first == JFR_PROFILES)
		return err_set(d->err, ERR_CORRUPT, "a recording without samples");
	begin_filling(&d->fillings[0], into, d);
	if (rc == 0)
		rc = read_chunks(d, bytes, take);
	if (rc == 0)
		finish(d, first, into);
	return rc;
}

int jfr_decode(struct view bytes, struct profile *into, struct err *err)
{
	const struct jfr_terms terms = { 0 };
	struct decoding *d = malloc(sizeof(*d));
	int rc;

	if (!d)
		return nomem(err);
	rc = begin(d, &terms, err);
	if (rc == 0)
		rc = decode(d, bytes, into);
	end(d);
	free(d);
	return rc;
}

static int begin_parts(struct decoding *d)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < JFR_PROFILES; i++) {
		d->of_kind[i] = &d->fillings[i];
		if (!d->is_there[i])
			continue;
		begin_filling(&d->fillings[i], profile_new(), d);
		rc = d->fillings[i].profile
			     ? add_types(d, (enum jfr_profile)i, d->fillings[i].profile)
			     : nomem(d->err);
	}
	return rc;
}

static int hand_out(struct decoding *d, const struct parts_sink *sink)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < JFR_PROFILES; i++) {
		struct part part = { .name = view_of(jfr_events_kinds[i].name) };
		struct profile *profile = d->fillings[i].profile;

		if (!profile)
			continue;
		finish(d, (enum jfr_profile)i, profile);
		d->fillings[i].profile = NULL;
		rc = sink->take(sink->owner, &part, profile, d->err);
	}
	return rc;
}

int jfr_decode_parts(struct view bytes, const struct jfr_terms *terms,
	const struct parts_sink *sink, struct err *err)
{
	struct decoding *d = malloc(sizeof(*d));
	int rc;

	if (!d)
		return nomem(err);
	rc = begin(d, terms, err);
	if (rc == 0)
		rc = read_chunks(d, bytes, note);
	if (rc == 0)
		rc = begin_parts(d);
	if (rc == 0)
		rc = read_chunks(d, bytes, take);
	if (rc == 0)
		rc = hand_out(d, sink);
	for (size_t i = 0; i < JFR_PROFILES; i++)
		profile_free(d->fillings[i].profile);
	end(d);
	free(d);
	return rc;
}
