/* own_profile: a profile of this process in the making. */
#include "inproc/own_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inproc/label_keys.h"
#include "inproc/own_file.h"
#include "inproc/own_kernel.h"
#include "inproc/own_names.h"
#include "inproc/own_space.h"
#include "inproc/sig_sample.h"

#define LABELS_MAX 64
#define TRACE_ID_BYTES 16
#define SPAN_ID_BYTES 8
#define HEX_MAX (2 * TRACE_ID_BYTES)

void own_profile_fini(struct own_profile *own)
{
	for (size_t i = 0; i < own->n_file_of; i++)
		if (own->file_of[i])
			own->file_of[i]->users--;
	profile_free(own->profile);
	free(own->file_of);
	map_fini(&own->location_of);
	*own = (struct own_profile){ 0 };
}

/* Notes which file the mapping is of, and keeps the file. */
static uint32_t note_file(struct own_profile *own, uint32_t mapping, struct own_file *file)
{
	if (mapping == PROFILE_NONE ||
		!VEC_FITS(own->file_of, own->cap_file_of, (size_t)mapping + 1))
		return PROFILE_NONE;
	while (own->n_file_of <= mapping)
		own->file_of[own->n_file_of++] = NULL;
	if (file && !own->file_of[mapping]) {
		own->file_of[mapping] = file;
		file->users++;
	}
	return mapping;
}

static uint32_t file_mapping(struct own_profile *own, const struct own_range *range)
{
	struct mapping mapping = { .start = range->start - range->bias,
		.limit = range->end - range->bias,
		.offset = range->offset,
		.file = profile_string(own->profile, view_of(range->file->path)),
		.build_id = profile_string(own->profile, view_of(range->file->build_id)) };

	return note_file(own, profile_mapping(own->profile, &mapping), range->file);
}

/* The first mapping is the program's own, whether it was seen or not: viewers name the profile
 * after it. */
int own_profile_init(struct own_profile *own, struct own_space *space, struct err *err)
{
	const struct own_range *program = own_space_program(space);

	*own = (struct own_profile){ .space = space, .profile = profile_new() };
	if (!own->profile)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (program)
		file_mapping(own, program);
	return 0;
}

static uint32_t jit_mapping(struct own_profile *own)
{
	if (!own->jit_mapping) {
		struct mapping mapping = { .limit = UINT64_MAX,
			.file = profile_string(own->profile, VIEW("[jit]")) };

		own->jit_mapping = note_file(own, profile_mapping(own->profile, &mapping), NULL);
	}
	return own->jit_mapping;
}

static uint32_t kernel_mapping(struct own_profile *own)
{
	if (!own->kernel_mapping) {
		struct mapping mapping = { .start = UINT64_C(1) << 63,
			.limit = UINT64_MAX,
			.file = profile_string(own->profile, VIEW(OWN_KERNEL_FILE)) };

		own->kernel_mapping = note_file(own, profile_mapping(own->profile, &mapping), NULL);
	}
	return own->kernel_mapping;
}

static uint32_t new_location(struct own_profile *own, uint32_t generation, uint64_t address)
{
	const struct own_range *range = own_space_find(own->space, generation, address);
	struct location location = { .address = address };

	if (address >> 63)
		location.mapping = kernel_mapping(own);
	else if (range && range->kind == OWN_FILE && range->file) {
		location.mapping = file_mapping(own, range);
		location.address = address - range->bias;
	} else if (range && range->kind == OWN_JIT) {
		location.mapping = jit_mapping(own);
	}
	if (location.mapping == PROFILE_NONE)
		return PROFILE_NONE;
	return profile_location(own->profile, &location, NULL);
}

static uint32_t location_of(struct own_profile *own, uint32_t generation, uint64_t address)
{
	uint64_t *known = map_add(&own->location_of, address, NULL);

	if (!known)
		return PROFILE_NONE;
	if (*known == 0) {
		uint32_t location = new_location(own, generation, address);

		if (location == PROFILE_NONE)
			return location;
		*known = (uint64_t)location + 1;
	}
	return (uint32_t)*known - 1;
}

/* "[truncated: depth]": a cut stack must not look as if it began there. */
static uint32_t truncated_location(struct own_profile *own, enum truncated_reason reason)
{
	char name[64];

	if (!own->truncated[reason]) {
		snprintf(name, sizeof(name), "[truncated: %s]", truncated_name(reason));
		own->truncated[reason] = profile_named(own->profile, view_of(name)) + 1;
	}
	return own->truncated[reason] - 1;
}

uint32_t own_profile_stack(struct own_profile *own, uint32_t generation, const uint64_t *addresses,
	size_t n, int truncated)
{
	uint32_t stack = STACK_EMPTY;

	if (generation != own->generation) {
		map_fini(&own->location_of);
		own->location_of = (struct map){ 0 };
		own->generation = generation;
	}
	if (truncated >= 0)
		stack = profile_push(own->profile, stack,
			truncated_location(own, (enum truncated_reason)truncated));
	while (n-- && stack != PROFILE_NONE) {
		uint32_t location = location_of(own, generation, addresses[n]);

		if (location == PROFILE_NONE)
			return PROFILE_NONE;
		stack = profile_push(own->profile, stack, location);
	}
	return stack;
}

/* Sets the label of that key, or adds one. */
static void set_label(struct own_profile *own, struct label *labels, size_t *n, struct view key,
	struct view value)
{
	struct label label = { .key = profile_string(own->profile, key),
		.str = profile_string(own->profile, value) };

	for (size_t i = 0; i < *n; i++)
		if (labels[i].key == label.key) {
			labels[i] = label;
			return;
		}
	if (*n < LABELS_MAX)
		labels[(*n)++] = label;
}

static struct view hex_of(const uint8_t *bytes, size_t n, char text[HEX_MAX + 1])
{
	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return (struct view){ text, 2 * n };
}

static bool any_set(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return true;
	return false;
}

uint32_t own_profile_labels(struct own_profile *own, const struct own_profile_context *context)
{
	struct label labels[LABELS_MAX];
	struct view key, value;
	char hex[HEX_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; label_keys_process(i, &key, &value); i++)
		set_label(own, labels, &n, key, value);
	if (context->trace_id && any_set(context->trace_id, TRACE_ID_BYTES)) {
		set_label(own, labels, &n, VIEW("trace_id"),
			hex_of(context->trace_id, TRACE_ID_BYTES, hex));
		set_label(own, labels, &n, VIEW("span_id"),
			hex_of(context->span_id, SPAN_ID_BYTES, hex));
	}
	for (size_t at = 0; at + 2 <= context->attrs_size;) {
		size_t len = context->attrs[at + 1];

		if (at + 2 + len > context->attrs_size)
			break;
		value = (struct view){ (const char *)&context->attrs[at + 2], len };
		if (len && label_keys_name(context->attrs[at], &key))
			set_label(own, labels, &n, key, value);
		at += 2 + len;
	}
	for (size_t i = 0; i < context->n_extra; i++)
		if (context->extra[i].value.len)
			set_label(own, labels, &n, context->extra[i].key, context->extra[i].value);
	return profile_labels(own->profile, labels, n);
}

static int truncated_by(unsigned result)
{
	if (result < UNWIND_DEPTH || result > UNWIND_JIT)
		return result == UNWIND_COMPLETE ? -1 : TRUNCATED_BAD_FRAME;
	return (int)result - (int)UNWIND_DEPTH + (int)TRUNCATED_DEPTH;
}

struct own_profile_context own_profile_context_of(const struct sig_sample *sample)
{
	if (!sample->has_context)
		return (struct own_profile_context){ 0 };
	return (struct own_profile_context){ .trace_id = sample->trace_id,
		.span_id = sample->span_id,
		.attrs = (const uint8_t *)&sample->data[sample->n_frames],
		.attrs_size = sample->attrs_size };
}

uint32_t own_profile_stack_of(struct own_profile *own, const struct sig_sample *sample)
{
	size_t n = sample->n_kernel;
	uint32_t stack = own_profile_stack(own, sample->generation, sample->data + n,
		sample->n_frames - n, truncated_by(sample->result));

	while (own->kernel && n-- && stack != PROFILE_NONE) {
		uint32_t location = location_of(own, sample->generation, sample->data[n]);

		if (location == PROFILE_NONE)
			return PROFILE_NONE;
		stack = profile_push(own->profile, stack, location);
	}
	return stack;
}

bool own_profile_place(struct own_profile *own, const struct sig_sample *sample, bool with_context,
	struct own_profile_place *ret)
{
	struct own_profile_context context = { 0 };

	if (with_context)
		context = own_profile_context_of(sample);
	ret->truncated = truncated_by(sample->result);
	ret->stack = own_profile_stack_of(own, sample);
	ret->labels = own_profile_labels(own, &context);
	return ret->stack != PROFILE_NONE && ret->labels != PROFILE_NONE;
}

void own_profile_add(struct own_profile *own, const struct sig_sample *sample,
	const int64_t *values, uint64_t weight, struct accounting *accounting)
{
	struct own_profile_place place;

	if (!own_profile_place(own, sample, true, &place)) {
		accounting->lost[LOST_NO_MEMORY] += weight;
		return;
	}
	profile_add(own->profile, place.stack, place.labels, values);
	if (place.truncated < 0)
		accounting->complete += weight;
	else
		accounting->truncated[place.truncated] += weight;
}

int own_profile_name(struct own_profile *own, struct err *err)
{
	return own_names_resolve(
		own->profile, (const struct own_file *const *)own->file_of, own->n_file_of, err);
}
