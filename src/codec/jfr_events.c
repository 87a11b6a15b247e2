/* jfr_events: which events of a recording become samples, of which kind of profile. */
#include "codec/jfr_events.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_NS 1e9
#define FIELDS_MAX 5

const struct jfr_profile_kind jfr_events_kinds[JFR_PROFILES] = {
	[JFR_CPU] = { "process_cpu", { "cpu" }, { "nanoseconds" }, "cpu", "nanoseconds" },
	[JFR_WALL] = { "wall", { "wall" }, { "nanoseconds" }, "wall", "nanoseconds" },
	[JFR_IN_TLAB] = { "memory", { "alloc_in_new_tlab_objects", "alloc_in_new_tlab_bytes" },
		{ "count", "bytes" }, "space", "bytes" },
	[JFR_OUTSIDE_TLAB] = { "memory",
		{ "alloc_outside_tlab_objects", "alloc_outside_tlab_bytes" }, { "count", "bytes" },
		"space", "bytes" },
	[JFR_ALLOC] = { "memory", { "alloc_sample_objects", "alloc_sample_bytes" },
		{ "count", "bytes" }, "space", "bytes" },
	[JFR_LOCK] = { "mutex", { "contentions", "delay" }, { "count", "nanoseconds" }, "mutex",
		"count" },
	[JFR_PARK] = { "block", { "contentions", "delay" }, { "count", "nanoseconds" }, "block",
		"count" },
	[JFR_LIVE] = { "memory", { "live" }, { "count" }, "objects", "count" },
};

/* What is read of an event: its stack and context, and up to two more fields. */
enum field { STACK, CONTEXT, FIRST, SECOND };

enum shape { TICK, WALL_TICKS, BYTES, DURATION, ONE, SETTING };

static const struct kind {
	const char *name;
	enum shape shape;
	enum jfr_profile profile;
	const char *first, *second; /* of fields */
} kinds[] = {
	{ "jdk.ExecutionSample", TICK, JFR_CPU, "state", NULL },
	{ "profiler.WallClockSample", WALL_TICKS, JFR_WALL, "samples", NULL },
	{ "jdk.ObjectAllocationInNewTLAB", BYTES, JFR_IN_TLAB, "tlabSize", NULL },
	{ "jdk.ObjectAllocationOutsideTLAB", BYTES, JFR_OUTSIDE_TLAB, "allocationSize", NULL },
	{ "jdk.ObjectAllocationSample", BYTES, JFR_ALLOC, "weight", NULL },
	{ "jdk.JavaMonitorEnter", DURATION, JFR_LOCK, "duration", NULL },
	{ "jdk.ThreadPark", DURATION, JFR_PARK, "duration", NULL },
	{ "profiler.LiveObject", ONE, JFR_LIVE, NULL, NULL },
	{ "jdk.ActiveSetting", SETTING, JFR_CPU, "name", "value" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct reading {
	struct jfr_chunk *chunk;
	const struct jfr_events_sink *sink;
	struct err *err;
	uint32_t types[KINDS]; /* of the chunk */
	int64_t period_ns;
	bool is_wall; /* ticks come by the wall clock: all of them, not only those that run */
};

static void find_types(struct reading *r)
{
	for (size_t i = 0; i < KINDS; i++) {
		r->types[i] = JFR_NO_TYPE;
		for (size_t k = 0; k < r->chunk->types.n_types; k++)
			if (view_equal(r->chunk->types.types[k].name, view_of(kinds[i].name)))
				r->types[i] = (uint32_t)k;
	}
}

/* "10 ms", "1 s", or a number of nanoseconds; 0 if it is none. */
static int64_t duration_of(struct view text)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "", 1 }, { " ns", 1 }, { " us", 1e3 }, { " ms", 1e6 }, { " s", 1e9 } };
	size_t digits = 0;
	uint64_t number;

	while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
		digits++;
	if (!view_to_u64((struct view){ text.at, digits }, &number) || number > 1000000000)
		return 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (view_equal(
			    view_between(text.at + digits, view_end(text)), view_of(units[i].unit)))
			return (int64_t)((double)number * units[i].ns);
	return 0;
}

/* How often the JVM looked, or async-profiler, and at what. */
static void note_setting(
	struct reading *r, const struct jfr_value *id, const struct jfr_value *fields)
{
	struct view name = jfr_chunk_text(r->chunk, &fields[FIRST]);
	struct view value = jfr_chunk_text(r->chunk, &fields[SECOND]);
	int64_t period_ns;

	if (r->types[0] == JFR_NO_TYPE || id->number != r->chunk->types.types[r->types[0]].id)
		return;
	period_ns = duration_of(value);
	if ((view_equal(name, VIEW("period")) || view_equal(name, VIEW("interval"))) && period_ns)
		r->period_ns = period_ns;
}

static int64_t clamp(double number)
{
	return number >= (double)INT64_MAX ? INT64_MAX : (int64_t)number;
}

static bool is_running(struct reading *r, const struct jfr_value *state)
{
	struct view name;

	if (!state->at)
		return true;
	name = jfr_chunk_pooled_text(r->chunk, JFR_STATES, state->number, "name");
	return !name.len || view_equal(name, VIEW("STATE_RUNNABLE")) ||
	       view_equal(name, VIEW("STATE_DEFAULT"));
}

static int hand_out(struct reading *r, const struct kind *kind, const struct jfr_value *fields)
{
	struct jfr_event event = { .profile = kind->profile,
		.stack = fields[STACK].number,
		.context = fields[CONTEXT].number,
		.values = { 1 } };
	uint64_t number = fields[FIRST].number;
	int rc = 0;

	switch (kind->shape) {
	case TICK:
		event.values[0] = r->period_ns;
		if (is_running(r, &fields[FIRST]))
			rc = r->sink->take(r->sink->owner, &event, r->err);
		if (rc < 0 || !r->is_wall)
			return rc;
		event.profile = JFR_WALL;
		break;
	case WALL_TICKS:
		event.values[0] = clamp((double)(number ? number : 1) * (double)r->period_ns);
		break;
	case BYTES:
		event.values[1] = number > INT64_MAX ? INT64_MAX : (int64_t)number;
		break;
	case DURATION:
		event.values[1] = clamp((double)number * SECOND_NS / (double)r->chunk->ticks_per_s);
		break;
	case ONE:
	case SETTING:
		break;
	}
	return r->sink->take(r->sink->owner, &event, r->err);
}

static int read_event(struct reading *r, size_t k, struct jfr_reader *in, bool is_for_settings)
{
	const char *names[FIELDS_MAX + 1] = { "stackTrace", "contextId",
		kinds[k].first ? kinds[k].first : "", kinds[k].second ? kinds[k].second : "", "id",
		NULL };
	struct jfr_value fields[FIELDS_MAX];

	if ((kinds[k].shape == SETTING) != is_for_settings)
		return 0;
	if (!jfr_types_value(&r->chunk->types, r->types[k], in, names, fields))
		return jfr_chunk_fail(r->chunk, in, r->err);
	jfr_chunk_end(r->chunk, in);
	if (!is_for_settings)
		return hand_out(r, &kinds[k], fields);
	note_setting(r, &fields[4], fields);
	if (view_equal(jfr_chunk_text(r->chunk, &fields[FIRST]), VIEW("event")))
		r->is_wall |= view_equal(jfr_chunk_text(r->chunk, &fields[SECOND]), VIEW("wall"));
	return 0;
}

static int read_all(struct reading *r, bool is_for_settings)
{
	struct jfr_reader in = jfr_chunk_read(r->chunk, NULL);
	const uint8_t *end = in.end;
	int rc = 0;

	while (rc == 0 && in.at < end) {
		const uint8_t *begin = in.at;
		uint64_t size, id;
		uint32_t type;

		in.end = end;
		if (!jfr_reader_step(&in) || !jfr_reader_number(&in, sizeof(uint32_t), &size))
			return jfr_chunk_fail(r->chunk, &in, r->err);
		if (size <= (uint64_t)(in.at - begin) || size > (uint64_t)(end - begin)) {
			in.wrong = "an event that is longer than its chunk, or has no length";
			return jfr_chunk_fail(r->chunk, &in, r->err);
		}
		in.end = begin + size;
		if (!jfr_reader_number(&in, sizeof(uint64_t), &id))
			return jfr_chunk_fail(r->chunk, &in, r->err);
		type = jfr_types_find(&r->chunk->types, id);
		jfr_chunk_end(r->chunk, &in);
		for (size_t k = 0; rc == 0 && type != JFR_NO_TYPE && k < KINDS; k++)
			if (r->types[k] == type)
				rc = read_event(r, k, &in, is_for_settings);
		in.steps = r->chunk->steps;
		in.at = begin + size;
	}
	return rc;
}

int jfr_events_read(struct jfr_chunk *chunk, double rate, const struct jfr_events_sink *sink,
	int64_t *ret_period_ns, struct err *err)
{
	struct reading r = { .chunk = chunk,
		.sink = sink,
		.err = err,
		.period_ns = (int64_t)(SECOND_NS / (rate > 0 ? rate : 100)) };
	int rc;

	find_types(&r);
	rc = read_all(&r, true);
	*ret_period_ns = r.period_ns;
	return rc < 0 ? rc : read_all(&r, false);
}
