/* profile: what every source makes, every codec reads or writes, every renderer draws. */
#include "model/profile.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

struct profile *profile_new(void)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	struct mapping *none;
	struct label_set *no_labels;

	if (!profile)
		return NULL;
	none = VEC_ADD(profile->mappings, profile->n_mappings, profile->cap_mappings);
	no_labels = VEC_ADD(profile->label_sets, profile->n_label_sets, profile->cap_label_sets);
	if (!none || !no_labels) {
		profile_free(profile);
		return NULL;
	}
	*none = (struct mapping){ 0 };
	*no_labels = (struct label_set){ 0 };
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	strings_fini(&profile->strings);
	free(profile->mappings);
	free(profile->functions);
	free(profile->lines);
	free(profile->locations);
	stacks_fini(&profile->stacks);
	free(profile->labels);
	free(profile->label_sets);
	free(profile->samples);
	free(profile->values);
	free(profile->comments);
	intern_fini(&profile->mapping_set);
	intern_fini(&profile->function_set);
	intern_fini(&profile->location_set);
	intern_fini(&profile->label_set_set);
	free(profile->first_sample);
	map_fini(&profile->sample_of);
	free(profile);
}

void profile_freep(struct profile **profile)
{
	profile_free(*profile);
}

static uint32_t fail(struct profile *profile)
{
	profile->failed = true;
	return PROFILE_NONE;
}

uint32_t profile_string(struct profile *profile, struct view text)
{
	uint32_t id = strings_add(&profile->strings, text);

	return id == STRINGS_NONE ? fail(profile) : id;
}

struct view profile_text(const struct profile *profile, uint32_t string)
{
	return strings_at(&profile->strings, string);
}

int profile_add_type(struct profile *profile, struct view type, struct view unit, struct err *err)
{
	if (profile->n_samples)
		return err_set(err, ERR_USAGE, "a sample type after the first sample");
	if (profile->n_types == PROFILE_TYPES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d sample types", PROFILE_TYPES_MAX);
	profile->types[profile->n_types++] = (struct value_type){
		.type = profile_string(profile, type),
		.unit = profile_string(profile, unit),
	};
	return profile->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

int profile_find_type(const struct profile *profile, struct view type)
{
	uint32_t name = type.len ? strings_find(&profile->strings, type) : profile->default_type;

	for (size_t i = 0; name && i < profile->n_types; i++)
		if (profile->types[i].type == name)
			return (int)i;
	return type.len ? -1 : (int)profile->n_types - 1;
}

static uint64_t hash_words(uint64_t seed, uint64_t a, uint64_t b)
{
	return hash_keyed_pair(hash_keyed_pair(seed, a), b);
}

static bool same_mapping(const void *owner, uint32_t id, const void *wanted)
{
	const struct profile *profile = owner;
	const struct mapping *a = &profile->mappings[id], *b = wanted;

	return a->start == b->start && a->limit == b->limit && a->offset == b->offset &&
	       a->file == b->file && a->build_id == b->build_id;
}

uint32_t profile_mapping(struct profile *profile, const struct mapping *mapping)
{
	uint64_t hash = hash_words(hash_keyed_pair(mapping->start, mapping->limit), mapping->offset,
		(uint64_t)mapping->file << 32 | mapping->build_id);
	struct intern_slot *slot =
		intern_seek(&profile->mapping_set, hash, same_mapping, profile, mapping);
	struct mapping *added;

	if (slot && slot->id_plus_one)
		return slot->id_plus_one - 1;
	added = slot ? VEC_ADD(profile->mappings, profile->n_mappings, profile->cap_mappings)
		     : NULL;
	if (!added)
		return fail(profile);
	*added = *mapping;
	intern_put(&profile->mapping_set, slot, hash, (uint32_t)profile->n_mappings - 1);
	return (uint32_t)profile->n_mappings - 1;
}

static bool same_function(const void *owner, uint32_t id, const void *wanted)
{
	const struct profile *profile = owner;
	const struct function *a = &profile->functions[id], *b = wanted;

	return a->name == b->name && a->system_name == b->system_name && a->file == b->file &&
	       a->start_line == b->start_line;
}

uint32_t profile_function(struct profile *profile, const struct function *function)
{
	uint64_t hash = hash_words((uint64_t)function->name << 32 | function->system_name,
		function->file, (uint64_t)function->start_line);
	struct intern_slot *slot =
		intern_seek(&profile->function_set, hash, same_function, profile, function);
	struct function *added;

	if (slot && slot->id_plus_one)
		return slot->id_plus_one - 1;
	added = slot ? VEC_ADD(profile->functions, profile->n_functions, profile->cap_functions)
		     : NULL;
	if (!added)
		return fail(profile);
	*added = *function;
	intern_put(&profile->function_set, slot, hash, (uint32_t)profile->n_functions - 1);
	return (uint32_t)profile->n_functions - 1;
}

struct wanted_location {
	const struct location *location;
	const struct line *lines;
};

static bool same_lines(const struct line *a, const struct line *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i].function != b[i].function || a[i].line != b[i].line ||
			a[i].column != b[i].column)
			return false;
	return true;
}

static bool same_location(const void *owner, uint32_t id, const void *wanted)
{
	const struct profile *profile = owner;
	const struct wanted_location *want = wanted;
	const struct location *a = &profile->locations[id], *b = want->location;

	return a->address == b->address && a->mapping == b->mapping && a->n_lines == b->n_lines &&
	       a->is_folded == b->is_folded &&
	       same_lines(&profile->lines[a->first_line], want->lines, a->n_lines);
}

static bool add_lines(struct profile *profile, const struct line *lines, uint32_t n)
{
	if (profile->n_lines > UINT32_MAX - n ||
		!VEC_FITS(profile->lines, profile->cap_lines, profile->n_lines + n))
		return false;
	for (uint32_t i = 0; i < n; i++)
		profile->lines[profile->n_lines++] = lines[i];
	return true;
}

uint32_t profile_location(
	struct profile *profile, const struct location *location, const struct line *lines)
{
	const struct wanted_location wanted = { location, lines };
	uint64_t hash = hash_words(location->address, location->mapping, location->n_lines);
	struct intern_slot *slot;
	struct location *added;

	assert(location->mapping < profile->n_mappings);
	for (uint32_t i = 0; i < location->n_lines; i++)
		hash = hash_words(hash, lines[i].function, (uint64_t)lines[i].line);
	slot = intern_seek(&profile->location_set, hash, same_location, profile, &wanted);
	if (slot && slot->id_plus_one)
		return slot->id_plus_one - 1;
	if (!slot ||
		!VEC_FITS(profile->locations, profile->cap_locations, profile->n_locations + 1) ||
		!add_lines(profile, lines, location->n_lines))
		return fail(profile);
	added = &profile->locations[profile->n_locations++];
	*added = *location;
	added->first_line = (uint32_t)profile->n_lines - location->n_lines;
	intern_put(&profile->location_set, slot, hash, (uint32_t)profile->n_locations - 1);
	return (uint32_t)profile->n_locations - 1;
}

void profile_name_location(
	struct profile *profile, uint32_t location, const struct line *lines, uint32_t n_lines)
{
	struct location *named = &profile->locations[location];

	assert(location < profile->n_locations);
	if (!add_lines(profile, lines, n_lines)) {
		fail(profile);
		return;
	}
	named->first_line = (uint32_t)profile->n_lines - n_lines;
	named->n_lines = n_lines;
}

void profile_move_location(
	struct profile *profile, uint32_t location, uint32_t mapping, uint64_t address)
{
	assert(location < profile->n_locations && mapping < profile->n_mappings);
	profile->locations[location].mapping = mapping;
	profile->locations[location].address = address;
}

void profile_set_mapping(struct profile *profile, uint32_t id, const struct mapping *mapping)
{
	assert(id != 0 && id < profile->n_mappings);
	profile->mappings[id] = *mapping;
}

uint32_t profile_push(struct profile *profile, uint32_t stack, uint32_t location)
{
	uint32_t id;

	if (location == PROFILE_NONE || stack == PROFILE_NONE)
		return fail(profile);
	assert(location < profile->n_locations);
	id = stacks_push(&profile->stacks, stack, location);
	return id == STACK_NONE ? fail(profile) : id;
}

bool profile_take_stacks(struct profile *profile, struct stacks *tree)
{
	if (profile->stacks.count > 1)
		return false;
	stacks_fini(&profile->stacks);
	profile->stacks = *tree;
	*tree = (struct stacks){ 0 };
	return true;
}

void profile_reserve_names(
	struct profile *profile, size_t strings, size_t functions, size_t locations)
{
	if (!strings_reserve(&profile->strings, strings) ||
		!VEC_FITS(profile->functions, profile->cap_functions, functions) ||
		!VEC_FITS(profile->locations, profile->cap_locations, locations) ||
		!VEC_FITS(profile->lines, profile->cap_lines, locations) ||
		!intern_reserve(&profile->function_set, functions) ||
		!intern_reserve(&profile->location_set, locations))
		profile->failed = true;
}

void profile_reserve(struct profile *profile, size_t samples, size_t stack_nodes)
{
	if (!stacks_reserve(&profile->stacks, stack_nodes) ||
		!VEC_FITS(profile->samples, profile->cap_samples, samples) ||
		!VEC_FITS(profile->values, profile->cap_values, samples * profile->n_types))
		profile->failed = true;
	if (profile->n_first_sample)
		return;
	profile->first_sample = vec_zeroed((profile->stacks.cap + 1) * sizeof(uint32_t));
	if (profile->first_sample)
		profile->n_first_sample = profile->stacks.cap + 1;
}

void profile_comment(struct profile *profile, struct view text)
{
	uint32_t id = profile_string(profile, text);
	uint32_t *added;

	for (size_t i = 0; i < profile->n_comments; i++)
		if (profile->comments[i] == id)
			return;
	added = VEC_ADD(profile->comments, profile->n_comments, profile->cap_comments);
	if (!added)
		profile->failed = true;
	else
		*added = id;
}

uint32_t profile_named(struct profile *profile, struct view name)
{
	uint32_t string = profile_string(profile, name);
	struct function function = { .name = string, .system_name = string };
	struct line line = { .function = profile_function(profile, &function) };

	if (profile->failed)
		return PROFILE_NONE;
	return profile_location(profile, &(struct location){ .n_lines = 1 }, &line);
}

int64_t profile_total(const struct profile *profile, size_t type)
{
	int64_t total = 0;

	assert(type < profile->n_types);
	for (size_t i = 0; i < profile->n_samples; i++) {
		int64_t value = profile->values[i * profile->n_types + type];

		if (value < 0)
			value = value == INT64_MIN ? INT64_MAX : -value;
		if (__builtin_add_overflow(total, value, &total))
			return INT64_MAX;
	}
	return total;
}
