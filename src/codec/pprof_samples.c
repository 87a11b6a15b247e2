/* pprof_samples: the samples of a pprof message, where nearly all of its bytes are. */
#include <stdlib.h>

#include "base/vec.h"
#include "codec/pprof_scanner.h"
#include "wire/varints.h"

#define VARINT_MAX 10
#define BYTES_A_NODE 8 /* of the tree, as a first guess */

static int too_deep(const struct pprof_scanner *s, const void *at)
{
	return pprof_scan_fail(
		s, ERR_LIMIT, at, "a stack of more than %zu frames", PPROF_DEPTH_MAX);
}

static int add_frame(struct pprof_scanner *s, uint64_t id, const void *at)
{
	uint32_t place = pprof_ids_find(&s->locations, id);
	struct pprof_paths *paths = &s->paths;

	if (place == PPROF_IDS_NONE)
		return pprof_scan_fail(s, ERR_CORRUPT, at,
			"a sample at location %llu, which is nowhere", (unsigned long long)id);
	if (pprof_paths_depth(paths) == PPROF_DEPTH_MAX)
		return too_deep(s, at);
	if (!VEC_FITS(paths->frames, paths->cap_frames, paths->n_frames + 1))
		return pprof_scan_nomem(s);
	paths->frames[paths->n_frames++] = place;
	return 0;
}

/* One at a time: for what is rare, and to say what is wrong and where. */
static int scan_run_slowly(struct pprof_scanner *s, struct view run)
{
	struct proto in = proto_of(run);
	const uint8_t *at = in.at;
	uint64_t id;
	int rc = 0;

	for (; rc == 0 && in.at < in.end && proto_varint(&in, &id); at = in.at)
		rc = add_frame(s, id, at);
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

/* From ids to places, in place; false if any is nowhere. */
static bool place_frames(const struct pprof_ids *ids, uint32_t *frames, size_t n)
{
	bool lost = false;

	if (ids->n_in_order == ids->count) {
		for (size_t i = 0; i < n; i++) {
			frames[i]--;
			lost |= frames[i] >= ids->n_in_order;
		}
		return !lost;
	}
	for (size_t i = 0; i < n; i++) {
		frames[i] = pprof_ids_find(ids, frames[i]);
		lost |= frames[i] == PPROF_IDS_NONE;
	}
	return !lost;
}

static int scan_run(struct pprof_scanner *s, struct view run)
{
	struct pprof_paths *paths = &s->paths;
	uint32_t *frames;
	size_t n;

	if (run.len > PPROF_DEPTH_MAX * VARINT_MAX)
		return too_deep(s, run.at);
	if (pprof_paths_depth(paths) == 0)
		run = pprof_paths_follow(paths, run);
	if (!VEC_FITS(paths->frames, paths->cap_frames, paths->n_frames + run.len))
		return pprof_scan_nomem(s);
	frames = &paths->frames[paths->n_frames];
	if (!varints_decode(run, view_end(s->bytes), frames, &n) ||
		!place_frames(&s->locations, frames, n) ||
		n > PPROF_DEPTH_MAX - pprof_paths_depth(paths))
		return scan_run_slowly(s, run);
	paths->n_frames += n;
	return 0;
}

static int scan_frames(struct pprof_scanner *s, const struct proto_field *field, const void *at)
{
	if (pprof_paths_depth(&s->paths) && !pprof_paths_unfold(&s->paths))
		return pprof_scan_nomem(s);
	if (field->wire == PROTO_BYTES)
		return scan_run(s, field->bytes);
	if (field->wire == PROTO_VARINT)
		return add_frame(s, field->number, at);
	return pprof_scan_wire(s, field, PROTO_BYTES, at);
}

static int add_value(struct pprof_scanner *s, size_t before, uint64_t value, const void *at)
{
	struct pprof_columns *c = s->into;

	if (c->n_values - before == c->n_types)
		return pprof_scan_fail(s, ERR_CORRUPT, at,
			"a sample with more values than the %zu sample types", c->n_types);
	c->values[c->n_values++] = (int64_t)value;
	return 0;
}

static int scan_values(
	struct pprof_scanner *s, size_t before, const struct proto_field *field, const void *at)
{
	struct proto in = proto_of(field->bytes);
	uint64_t value;
	int rc = 0;

	if (field->wire == PROTO_VARINT)
		return add_value(s, before, field->number, at);
	if (field->wire != PROTO_BYTES)
		return pprof_scan_wire(s, field, PROTO_BYTES, at);
	while (rc == 0 && in.at < in.end && proto_varint(&in, &value))
		rc = add_value(s, before, value, at);
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

/* `before`: how many values there were. *ret_labels: from the first label field to behind the last.
 */
static int scan_fields(
	struct pprof_scanner *s, size_t before, struct view bytes, struct view *ret_labels)
{
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &field); at = in.at) {
		if (field.id == PPROF_SAMPLE_LOCATION) {
			rc = scan_frames(s, &field, at);
		} else if (field.id == PPROF_SAMPLE_VALUE) {
			rc = scan_values(s, before, &field, at);
		} else if (field.id == PPROF_SAMPLE_LABEL) {
			rc = pprof_scan_wire(s, &field, PROTO_BYTES, at);
			if (!ret_labels->at)
				ret_labels->at = (const char *)at;
			ret_labels->len = (size_t)((const char *)in.at - ret_labels->at);
		}
	}
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

static int flush(struct pprof_scanner *s)
{
	struct pprof_columns *c = s->into;
	uint32_t *stacks = &c->stacks[c->n_samples - s->paths.n];

	return pprof_paths_flush(&s->paths, stacks) ? 0 : pprof_scan_nomem(s);
}

static int scan_sample(struct pprof_scanner *s, struct view bytes)
{
	struct pprof_columns *c = s->into;
	struct pprof_paths *paths = &s->paths;
	size_t before = c->n_values;
	struct view labels = { 0 };
	uint32_t *set = &c->sets[c->n_samples];
	int rc;

	pprof_paths_begin(paths);
	rc = scan_fields(s, before, bytes, &labels);
	if (rc < 0)
		return rc;
	if (c->n_values - before != c->n_types)
		return pprof_scan_fail(s, ERR_CORRUPT, bytes.at,
			"a sample with %zu values for %zu sample types", c->n_values - before,
			c->n_types);
	*set = 0;
	c->n_samples++;
	paths->edges[++paths->n] = (uint32_t)paths->n_frames;
	if (labels.len)
		rc = pprof_labels_scan(s, labels, set);
	return rc == 0 && paths->n == PPROF_PATHS_BATCH ? flush(s) : rc;
}

/* Room for all samples. No value is shorter than a byte: a short file that promises many samples
 * of many types takes no more than it pays for. */
static bool take_room(struct pprof_scanner *s, size_t samples, size_t bytes)
{
	struct pprof_columns *c = s->into;
	size_t values = samples * c->n_types < bytes ? samples * c->n_types : bytes;
	struct label_set *none = VEC_ADD(c->label_sets, c->n_label_sets, c->cap_label_sets);

	c->stacks = malloc((samples + 1) * sizeof(*c->stacks));
	c->sets = malloc((samples + 1) * sizeof(*c->sets));
	c->values = malloc((values + 1) * sizeof(*c->values));
	if (!none || !c->stacks || !c->sets || !c->values ||
		!stacks_reserve(&c->tree, bytes / BYTES_A_NODE) ||
		!pprof_paths_init(&s->paths, &c->tree, samples))
		return false;
	vec_advise(c->stacks, samples * sizeof(*c->stacks));
	vec_advise(c->sets, samples * sizeof(*c->sets));
	vec_advise(c->values, values * sizeof(*c->values));
	*none = (struct label_set){ 0 };
	return true;
}

int pprof_samples_scan(struct pprof_scanner *s)
{
	const struct pprof_part *part = &s->parts[PPROF_SAMPLE];
	struct proto in = pprof_scan_part(s, PPROF_SAMPLE);
	struct proto_field field;
	int rc = 0;

	if (part->count && s->into->n_types == 0)
		return pprof_scan_fail(s, ERR_CORRUPT, part->from, "samples without a type");
	if (!take_room(s, part->count, (size_t)(part->to - part->from)))
		return pprof_scan_nomem(s);
	while (rc == 0 && pprof_scan_next(&in, PPROF_SAMPLE, &field))
		rc = scan_sample(s, field.bytes);
	return rc < 0 ? rc : flush(s);
}
