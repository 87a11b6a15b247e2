/* dictionary_tables: the frames of a dictionary, found by content and copied. */
#include "store/dictionary_tables.h"

#include <stdlib.h>

#include "model/place.h"
#include "store/dictionary_content.h"

struct wanted {
	const struct profile *profile;
	const struct location *location;
	uint32_t *texts; /* of the profile's: its number in the tables plus 1, 0 = not known */
};

/* Once a text was found in the tables, its number there is compared, not its bytes. */
static bool same_text(
	const struct profile *tables, uint32_t mine, const struct wanted *wanted, uint32_t yours)
{
	uint32_t *known = &wanted->texts[yours];
	bool is_same;

	if (*known)
		return *known - 1 == mine;
	is_same = view_equal(profile_text(tables, mine), profile_text(wanted->profile, yours));
	if (is_same)
		*known = mine + 1;
	return is_same;
}

static bool same_line(const struct profile *tables, const struct line *mine,
	const struct wanted *wanted, const struct line *yours)
{
	const struct function *one = &tables->functions[mine->function];
	const struct function *other = &wanted->profile->functions[yours->function];

	return mine->line == yours->line && mine->column == yours->column &&
	       one->start_line == other->start_line &&
	       same_text(tables, one->name, wanted, other->name) &&
	       same_text(tables, one->system_name, wanted, other->system_name) &&
	       same_text(tables, one->file, wanted, other->file);
}

static bool same_frame(const void *owner, uint32_t id, const void *wanted_)
{
	const struct profile *tables = owner;
	const struct wanted *wanted = wanted_;
	const struct profile *profile = wanted->profile;
	const struct location *mine = &tables->locations[id], *yours = wanted->location;
	const struct mapping *my_mapping = &tables->mappings[mine->mapping];
	const struct mapping *your_mapping = &profile->mappings[yours->mapping];

	if (mine->n_lines != yours->n_lines || mine->is_folded != yours->is_folded ||
		mine->address != dictionary_content_address(profile, yours) ||
		(mine->mapping == 0) != (yours->mapping == 0) ||
		!same_text(tables, my_mapping->file, wanted, your_mapping->file) ||
		!same_text(tables, my_mapping->build_id, wanted, your_mapping->build_id))
		return false;
	for (uint32_t i = 0; i < mine->n_lines; i++)
		if (!same_line(tables, &tables->lines[mine->first_line + i], wanted,
			    &profile->lines[yours->first_line + i]))
			return false;
	return true;
}

static uint32_t copy_text(struct profile *into, const struct profile *from, uint32_t string)
{
	return string ? profile_string(into, profile_text(from, string)) : 0;
}

/* Of a mapping only what names its file: where it lay differs from process to process. */
static uint32_t copy_mapping(
	struct profile *into, const struct profile *from, uint32_t id, uint64_t limit)
{
	const struct mapping *old = &from->mappings[id];
	struct mapping mapping = { .limit = limit,
		.file = copy_text(into, from, old->file),
		.build_id = copy_text(into, from, old->build_id) };

	return id ? profile_mapping(into, &mapping) : 0;
}

static uint32_t copy_function(struct profile *into, const struct profile *from, uint32_t id)
{
	struct function function = from->functions[id];

	function.name = copy_text(into, from, function.name);
	function.system_name = copy_text(into, from, function.system_name);
	function.file = copy_text(into, from, function.file);
	return into->failed ? PROFILE_NONE : profile_function(into, &function);
}

/* Into the tables, or out of them: there, what is an offset has a mapping that says so. */
static uint32_t copy_frame(
	struct profile *into, const struct profile *from, const struct location *old, bool is_out)
{
	uint64_t address = dictionary_content_address(from, old);
	bool is_offset = is_out && address / DICTIONARY_CONTENT_OFFSET == 1;
	struct location location = { .n_lines = old->n_lines,
		.mapping = copy_mapping(into, from, old->mapping, is_offset ? PLACE_LIMIT : 0),
		.address = is_offset ? address - DICTIONARY_CONTENT_OFFSET : address,
		.is_folded = old->is_folded };
	struct line *lines = calloc((size_t)old->n_lines + 1, sizeof(*lines));
	uint32_t id = PROFILE_NONE;

	for (uint32_t i = 0; lines && i < old->n_lines; i++) {
		lines[i] = from->lines[old->first_line + i];
		lines[i].function = copy_function(into, from, lines[i].function);
	}
	if (lines && !into->failed)
		id = profile_location(into, &location, lines);
	free(lines);
	return id;
}

uint32_t dictionary_tables_frame(struct dictionary_pass *pass, uint32_t location)
{
	struct store_dictionary *dictionary = pass->into;
	const struct profile *profile = pass->from;
	struct wanted wanted = { profile, &profile->locations[location], pass->texts };
	uint64_t hash = pass->frame_contents[location];
	uint32_t id =
		intern_find(&dictionary->frames, hash, same_frame, dictionary->tables, &wanted);

	if (id != INTERN_NONE)
		return id;
	id = copy_frame(dictionary->tables, profile, wanted.location, false);
	if (id != PROFILE_NONE && !intern_add(&dictionary->frames, hash, id))
		id = PROFILE_NONE;
	return id;
}

bool dictionary_tables_name(struct store_dictionary *dictionary, uint32_t frame)
{
	return intern_add(
		&dictionary->frames, dictionary_content_frame(dictionary->tables, frame), frame);
}

uint32_t dictionary_location(
	const struct store_dictionary *dictionary, uint32_t frame, struct profile *into)
{
	uint32_t id = PROFILE_NONE;

	pthread_rwlock_rdlock(dictionary->lock);
	if (frame < dictionary->tables->n_locations)
		id = copy_frame(
			into, dictionary->tables, &dictionary->tables->locations[frame], true);
	pthread_rwlock_unlock(dictionary->lock);
	return id;
}

size_t dictionary_addresses(
	const struct store_dictionary *dictionary, bool *ret_is_address, size_t n)
{
	size_t found = 0;

	pthread_rwlock_rdlock(dictionary->lock);
	for (size_t i = 0; i < n && i < dictionary->tables->n_locations; i++) {
		ret_is_address[i] = dictionary->tables->locations[i].n_lines == 0;
		found += ret_is_address[i];
	}
	pthread_rwlock_unlock(dictionary->lock);
	return found;
}
