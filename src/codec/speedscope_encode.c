/* speedscope_encode: one sampled profile for each sample type, over shared frames. */
#include <stdlib.h>

#include "base/vec.h"
#include "codec/frame_names.h"
#include "codec/speedscope_format.h"
#include "model/profile.h"
#include "wire/json.h"

struct writer {
	const struct profile *from;
	struct json json;
	struct err *err;
	uint32_t *of_function, *of_location; /* owned; the frame plus one, 0 = none yet */
	uint32_t n_frames;
	int64_t *sums;  /* owned; n_types for each stack */
	uint32_t *path; /* owned; the locations of a stack, root last */
	size_t cap_path;
};

static size_t stack_count(const struct profile *profile)
{
	return profile->stacks.count ? profile->stacks.count : 1;
}

static void put_frame(struct writer *w, struct view name, struct view file, int64_t line)
{
	json_object(&w->json);
	json_key(&w->json, "name");
	json_text(&w->json, name);
	if (file.len) {
		json_key(&w->json, "file");
		json_text(&w->json, file);
	}
	if (line > 0) {
		json_key(&w->json, "line");
		json_i64(&w->json, line);
	}
	json_object_end(&w->json);
	w->n_frames++;
}

static void put_function(struct writer *w, uint32_t id)
{
	const struct function *function = &w->from->functions[id];
	uint32_t name = function->name ? function->name : function->system_name;

	if (w->of_function[id])
		return;
	put_frame(w, profile_text(w->from, name), profile_text(w->from, function->file),
		function->start_line);
	w->of_function[id] = w->n_frames;
}

static void put_address(struct writer *w, uint32_t id)
{
	BUF_AUTO name = { 0 };

	if (w->of_location[id])
		return;
	frame_names_address(w->from, id, &name);
	w->json.out->failed |= name.failed;
	put_frame(w, buf_view(&name), (struct view){ 0 }, 0);
	w->of_location[id] = w->n_frames;
}

static void put_frames(struct writer *w)
{
	json_array(&w->json);
	for (size_t i = 1; i < w->from->stacks.count; i++) {
		uint32_t id = w->from->stacks.nodes[i].location;
		const struct location *location = &w->from->locations[id];

		if (location->n_lines == 0)
			put_address(w, id);
		for (uint32_t l = 0; l < location->n_lines; l++)
			put_function(w, w->from->lines[location->first_line + l].function);
	}
	json_array_end(&w->json);
}

static int sum_samples(struct writer *w)
{
	const struct profile *p = w->from;

	for (size_t i = 0; i < p->n_samples * p->n_types; i++) {
		int64_t value = p->values[i];
		size_t stack = p->samples[i / p->n_types].stack;
		int64_t *sum = &w->sums[stack * p->n_types + i % p->n_types];

		if (value < 0)
			return err_set(w->err, ERR_UNSUPPORTED,
				"a sample of %lld: speedscope has no negative weights",
				(long long)value);
		if (__builtin_add_overflow(*sum, value, sum))
			*sum = INT64_MAX;
	}
	return 0;
}

/* Root first; within a location the caller, which is its last line, comes first. */
static int put_stack(struct writer *w, uint32_t stack)
{
	const struct profile *p = w->from;
	size_t n = 0;

	for (; stack != STACK_EMPTY; stack = p->stacks.nodes[stack].parent) {
		if (!VEC_FITS(w->path, w->cap_path, n + 1))
			return err_set(w->err, ERR_NOMEM, "out of memory");
		w->path[n++] = p->stacks.nodes[stack].location;
	}
	json_array(&w->json);
	while (n--) {
		const struct location *location = &p->locations[w->path[n]];

		if (location->n_lines == 0)
			json_u64(&w->json, w->of_location[w->path[n]] - 1);
		for (uint32_t l = location->n_lines; l > 0; l--)
			json_u64(&w->json,
				w->of_function[p->lines[location->first_line + l - 1].function] -
					1);
	}
	json_array_end(&w->json);
	return 0;
}

/* The units that speedscope knows; all others are "none" there. */
static struct view unit_of(struct view unit)
{
	static const char *const known[] = { "nanoseconds", "microseconds", "milliseconds",
		"seconds", "bytes" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (view_equal(unit, view_of(known[i])))
			return unit;
	return VIEW("none");
}

static void put_profile_head(struct writer *w, size_t type)
{
	const struct value_type *value = &w->from->types[type];
	BUF_AUTO name = { 0 };

	buf_add_view(&name, profile_text(w->from, value->type));
	buf_add_char(&name, '/');
	buf_add_view(&name, profile_text(w->from, value->unit));
	w->json.out->failed |= name.failed;
	json_object(&w->json);
	json_key(&w->json, "type");
	json_text(&w->json, VIEW("sampled"));
	json_key(&w->json, "name");
	json_text(&w->json, buf_view(&name));
	json_key(&w->json, "unit");
	json_text(&w->json, unit_of(profile_text(w->from, value->unit)));
	json_key(&w->json, "startValue");
	json_u64(&w->json, 0);
	json_key(&w->json, "endValue");
	json_i64(&w->json, profile_total(w->from, type));
}

static int put_profile(struct writer *w, size_t type)
{
	const struct profile *p = w->from;
	int rc = 0;

	put_profile_head(w, type);
	json_key(&w->json, "samples");
	json_array(&w->json);
	for (size_t i = 0; rc == 0 && i < stack_count(p); i++)
		if (w->sums[i * p->n_types + type])
			rc = put_stack(w, (uint32_t)i);
	json_array_end(&w->json);
	json_key(&w->json, "weights");
	json_array(&w->json);
	for (size_t i = 0; i < stack_count(p); i++)
		if (w->sums[i * p->n_types + type])
			json_i64(&w->json, w->sums[i * p->n_types + type]);
	json_array_end(&w->json);
	json_object_end(&w->json);
	return rc;
}

static int put_file(struct writer *w)
{
	int rc = sum_samples(w);

	json_object(&w->json);
	json_key(&w->json, "$schema");
	json_text(&w->json, VIEW(SPEEDSCOPE_SCHEMA));
	json_key(&w->json, "exporter");
	json_text(&w->json, VIEW(SPEEDSCOPE_EXPORTER));
	json_key(&w->json, "activeProfileIndex");
	json_i64(&w->json, profile_find_type(w->from, VIEW("")));
	json_key(&w->json, "shared");
	json_object(&w->json);
	json_key(&w->json, "frames");
	put_frames(w);
	json_object_end(&w->json);
	json_key(&w->json, "profiles");
	json_array(&w->json);
	for (size_t type = 0; rc == 0 && type < w->from->n_types; type++)
		rc = put_profile(w, type);
	json_array_end(&w->json);
	json_object_end(&w->json);
	buf_add_char(w->json.out, '\n');
	return rc;
}

int speedscope_encode(const struct profile *from, struct buf *out, struct err *err)
{
	struct writer w = { .from = from, .json.out = out, .err = err };
	int rc;

	if (from->n_types == 0)
		return err_set(err, ERR_UNSUPPORTED, "speedscope cannot hold a profile of no type");
	w.of_function = calloc(from->n_functions + 1, sizeof(*w.of_function));
	w.of_location = calloc(from->n_locations + 1, sizeof(*w.of_location));
	w.sums = calloc(stack_count(from) * from->n_types, sizeof(*w.sums));
	if (w.of_function && w.of_location && w.sums)
		rc = put_file(&w);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0 && out->failed)
		rc = err_set(err, ERR_NOMEM, "the text does not fit into memory");
	free(w.of_function);
	free(w.of_location);
	free(w.sums);
	free(w.path);
	return rc;
}
