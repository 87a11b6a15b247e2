/*
 * speedscope_decode: a speedscope file, walked twice without building it up in memory.
 *
 * Keys come in any order, so the first walk notes where things are and which units occur; the
 * second reads the frames, then the profiles. Times become whole nanoseconds. Rounding carries
 * its rest along, so that a profile's total is right to one unit however many parts it has.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/speedscope_format.h"
#include "codec/speedscope_reader.h"

#define NUMBER_LIMIT 9.2e18 /* below 2^63 */

int speedscope_decode_fail(
	const struct speedscope_reader *r, int code, const char *at, const char *why)
{
	return err_set(r->err, code, "at byte %zu: %s", (size_t)(at - r->text.at), why);
}

int speedscope_decode_end(const struct speedscope_reader *r, const struct json_read *json)
{
	int rc = json->scratch.failed ? ERR_NOMEM : ERR_CORRUPT;

	return json->wrong ? speedscope_decode_fail(r, rc, json->at, json->wrong) : 0;
}

/* A text that outlives the reading of the next one. */
static struct view keep_text(struct speedscope_reader *r, struct json_read *json)
{
	struct view text = { 0 };
	char *copy;

	if (!json_read_text(json, &text))
		return (struct view){ 0 };
	copy = arena_copy(&r->texts, text);
	return (struct view){ copy, copy ? text.len : 0 };
}

/* The place of a value, to be read later. It has no scratch of its own. */
static bool mark(struct json_read *json, struct json_read *ret)
{
	json_read_peek(json);
	*ret = (struct json_read){ .at = json->at, .end = json->end };
	json_read_skip(json);
	return true;
}

/* The first walk. */

static void survey_profile(
	struct speedscope_reader *r, struct json_read *json, struct speedscope_part *part)
{
	struct view key;

	json_read_object(json);
	while (json_read_key(json, &key)) {
		if (view_equal(key, VIEW("name")))
			part->name = keep_text(r, json);
		else if (view_equal(key, VIEW("unit")))
			part->unit = keep_text(r, json);
		else if (view_equal(key, VIEW("samples")))
			part->has_samples = mark(json, &part->samples);
		else if (view_equal(key, VIEW("weights")))
			part->has_weights = mark(json, &part->weights);
		else if (view_equal(key, VIEW("events")))
			part->has_events = mark(json, &part->events);
		else if (view_equal(key, VIEW("endValue")))
			part->has_end = json_read_number(json, &part->end);
		else
			json_read_skip(json);
	}
}

static int survey_profiles(struct speedscope_reader *r, struct json_read *json)
{
	json_read_array(json);
	while (json_read_item(json)) {
		struct speedscope_part *part;

		if (r->n_parts == SPEEDSCOPE_PROFILES_MAX)
			return speedscope_decode_fail(
				r, ERR_LIMIT, json->at, "more than 4096 profiles");
		part = VEC_ADD(r->parts, r->n_parts, r->cap_parts);
		if (!part)
			return err_set(r->err, ERR_NOMEM, "out of memory");
		*part = (struct speedscope_part){ 0 };
		survey_profile(r, json, part);
	}
	return speedscope_decode_end(r, json);
}

static void survey_shared(struct speedscope_reader *r, struct json_read *json)
{
	struct view key;

	json_read_object(json);
	while (json_read_key(json, &key)) {
		if (view_equal(key, VIEW("frames")))
			r->has_frames = mark(json, &r->frames);
		else
			json_read_skip(json);
	}
}

static int survey(struct speedscope_reader *r, struct json_read *json)
{
	struct view key, exporter;
	int rc = 0;

	json_read_object(json);
	while (rc == 0 && json_read_key(json, &key)) {
		if (view_equal(key, VIEW("shared")))
			survey_shared(r, json);
		else if (view_equal(key, VIEW("profiles")))
			rc = survey_profiles(r, json);
		else if (view_equal(key, VIEW("exporter")))
			r->is_ours = json_read_text(json, &exporter) &&
				     view_starts(exporter, VIEW(SPEEDSCOPE_EXPORTER));
		else
			json_read_skip(json);
	}
	if (rc == 0)
		rc = speedscope_decode_end(r, json);
	if (rc == 0 && json_read_peek(json))
		rc = speedscope_decode_fail(r, ERR_CORRUPT, json->at, "something follows the end");
	if (rc == 0 && (!r->has_frames || !r->n_parts))
		rc = err_set(r->err, ERR_CORRUPT, "no shared frames or no profiles");
	return rc;
}

/* Sample types. */

static const struct unit {
	const char *name, *type, *unit; /* as in the file; as in the model */
	double scale;
} units[] = {
	{ "none", "samples", "count", 1 },
	{ "nanoseconds", "time", "nanoseconds", 1 },
	{ "microseconds", "time", "nanoseconds", 1e3 },
	{ "milliseconds", "time", "nanoseconds", 1e6 },
	{ "seconds", "time", "nanoseconds", 1e9 },
	{ "bytes", "space", "bytes", 1 },
};

static int type_of(struct speedscope_reader *r, struct view type, struct view unit, size_t *ret)
{
	for (size_t i = 0; i < r->into->n_types; i++)
		if (view_equal(profile_text(r->into, r->into->types[i].type), type) &&
			view_equal(profile_text(r->into, r->into->types[i].unit), unit)) {
			*ret = i;
			return 0;
		}
	*ret = r->into->n_types;
	return profile_add_type(r->into, type, unit, r->err);
}

/* "cpu/nanoseconds" in a file of ours; else by the unit. */
static int choose_type(struct speedscope_reader *r, struct speedscope_part *part)
{
	struct view name = part->name;
	bool has_unit;
	struct view type = view_take(&name, '/', &has_unit);

	part->scale = 1;
	if (r->is_ours && has_unit)
		return type_of(r, type, name, &part->type);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (view_equal(part->unit, view_of(units[i].name)) || (!part->unit.len && i == 0)) {
			part->scale = units[i].scale;
			return type_of(
				r, view_of(units[i].type), view_of(units[i].unit), &part->type);
		}
	return err_set(r->err, ERR_UNSUPPORTED, "the unit \"%.*s\" of profile \"%.*s\"",
		(int)(part->unit.len < 64 ? part->unit.len : 64), part->unit.at,
		(int)(part->name.len < 64 ? part->name.len : 64), part->name.at);
}

/* The second walk: frames. */

static int add_frame(struct speedscope_reader *r, struct json_read *json)
{
	struct function function = { 0 };
	double line = 0, column = 0;
	struct view key, text;
	uint32_t *location;

	json_read_object(json);
	while (json_read_key(json, &key)) {
		bool is_name = view_equal(key, VIEW("name"));

		if (is_name || view_equal(key, VIEW("file"))) {
			if (json_read_peek(json) == '"' && json_read_text(json, &text))
				*(is_name ? &function.name : &function.file) =
					profile_string(r->into, text);
			else
				json_read_skip(json); /* null: not known */
		} else if (view_equal(key, VIEW("line")) && json_read_peek(json) != 'n') {
			json_read_number(json, &line);
		} else if (view_equal(key, VIEW("col")) && json_read_peek(json) != 'n') {
			json_read_number(json, &column);
		} else {
			json_read_skip(json);
		}
	}
	location = VEC_ADD(r->locations, r->n_locations, r->cap_locations);
	if (!location)
		return err_set(r->err, ERR_NOMEM, "out of memory");
	function.system_name = function.name;
	function.start_line = line >= 1 && line < 1e9 ? (int64_t)line : 0;
	*location = profile_location(r->into, &(struct location){ .n_lines = 1 },
		&(struct line){ .function = profile_function(r->into, &function),
			.line = function.start_line,
			.column = column >= 1 && column < 1e9 ? (int64_t)column : 0 });
	return r->into->failed ? err_set(r->err, ERR_NOMEM, "out of memory") : 0;
}

static int add_frames(struct speedscope_reader *r)
{
	struct json_read *json = &r->frames;
	int rc = 0;

	json_read_array(json);
	while (rc == 0 && json_read_item(json)) {
		if (r->n_locations == SPEEDSCOPE_FRAMES_MAX)
			return speedscope_decode_fail(
				r, ERR_LIMIT, json->at, "more than 16777216 frames");
		rc = add_frame(r, json);
	}
	return rc < 0 ? rc : speedscope_decode_end(r, json);
}

/* The second walk: samples. */

int speedscope_decode_push(
	struct speedscope_reader *r, const char *at, double frame, uint32_t *stack)
{
	if (!(frame >= 0) || frame >= (double)r->n_locations || frame != floor(frame))
		return speedscope_decode_fail(r, ERR_CORRUPT, at, "a frame that is nowhere");
	*stack = profile_push(r->into, *stack, r->locations[(size_t)frame]);
	return *stack == PROFILE_NONE ? err_set(r->err, ERR_NOMEM, "out of memory") : 0;
}

/* Adds what the profile's sum grew by, in whole units of its type. */
int speedscope_decode_add(struct speedscope_reader *r, const struct speedscope_part *part,
	uint32_t stack, double value, const char *at)
{
	int64_t values[PROFILE_TYPES_MAX] = { 0 };
	double before = r->sum;

	if (!(value >= 0))
		return speedscope_decode_fail(
			r, ERR_CORRUPT, at, "a negative weight, or time runs backwards");
	r->sum += value * part->scale;
	if (!(r->sum < NUMBER_LIMIT))
		return speedscope_decode_fail(
			r, ERR_LIMIT, at, "the weights sum up to more than 2^63");
	values[part->type] = (int64_t)round(r->sum) - (int64_t)round(before);
	if (values[part->type])
		profile_add(r->into, stack, r->labels, values);
	return 0;
}

static int read_stack(struct speedscope_reader *r, struct json_read *json, uint32_t *ret)
{
	size_t depth = 0;
	double frame;
	int rc = 0;

	*ret = STACK_EMPTY;
	json_read_array(json);
	while (rc == 0 && json_read_item(json) && json_read_number(json, &frame)) {
		if (depth++ == SPEEDSCOPE_DEPTH_MAX)
			return speedscope_decode_fail(
				r, ERR_LIMIT, json->at, "a stack of more than 65536 frames");
		rc = speedscope_decode_push(r, json->at, frame, ret);
	}
	return rc < 0 ? rc : speedscope_decode_end(r, json);
}

static int read_samples(struct speedscope_reader *r, struct speedscope_part *part)
{
	struct json_read *samples = &part->samples, *weights = &part->weights;
	double weight = 0;
	int rc = 0;

	json_read_array(samples);
	json_read_array(weights);
	while (rc == 0 && json_read_item(samples)) {
		uint32_t stack;

		if (!json_read_item(weights) || !json_read_number(weights, &weight))
			return speedscope_decode_fail(
				r, ERR_CORRUPT, weights->at, "fewer weights than samples");
		rc = read_stack(r, samples, &stack);
		if (rc == 0)
			rc = speedscope_decode_add(r, part, stack, weight, weights->at);
	}
	if (rc == 0)
		rc = speedscope_decode_end(r, samples);
	if (rc == 0 && json_read_item(weights))
		rc = speedscope_decode_fail(
			r, ERR_CORRUPT, weights->at, "more weights than samples");
	return rc < 0 ? rc : speedscope_decode_end(r, weights);
}

static void label_thread(struct speedscope_reader *r, const struct speedscope_part *part)
{
	struct label label = { .key = profile_string(r->into, VIEW("thread")) };

	r->labels = 0;
	if (r->is_ours || r->n_parts == 1 || !part->name.len)
		return;
	label.str = profile_string(r->into, part->name);
	r->labels = profile_labels(r->into, &label, 1);
}

static int read_profile(struct speedscope_reader *r, struct speedscope_part *part)
{
	r->sum = 0;
	label_thread(r, part);
	if (part->has_samples && part->has_weights)
		return read_samples(r, part);
	if (part->has_events)
		return speedscope_events_read(r, part);
	return err_set(r->err, ERR_CORRUPT, "a profile has neither samples and weights nor events");
}

static int read_all(struct speedscope_reader *r)
{
	struct json_read json;
	int rc;

	json_read_init(&json, r->text);
	rc = survey(r, &json);
	json_read_fini(&json);
	for (size_t i = 0; rc == 0 && i < r->n_parts; i++)
		rc = choose_type(r, &r->parts[i]);
	if (rc == 0)
		rc = add_frames(r);
	for (size_t i = 0; rc == 0 && i < r->n_parts; i++) {
		rc = read_profile(r, &r->parts[i]);
		if (rc < 0)
			err_where(r->err, "profile %zu", i + 1);
	}
	if (rc == 0 && (r->into->failed || r->texts.failed))
		rc = err_set(r->err, ERR_NOMEM, "out of memory");
	return rc;
}

int speedscope_decode(struct view text, struct profile *into, struct err *err)
{
	struct speedscope_reader r = { .text = text, .into = into, .err = err };
	int rc;

	assert(into->n_types == 0);
	rc = read_all(&r);
	for (size_t i = 0; i < r.n_parts; i++) {
		json_read_fini(&r.parts[i].samples);
		json_read_fini(&r.parts[i].weights);
		json_read_fini(&r.parts[i].events);
	}
	json_read_fini(&r.frames);
	arena_fini(&r.texts);
	free(r.parts);
	free(r.locations);
	free(r.open);
	return rc;
}
