/* dictionary_content: frames and stacks as numbers: equal ones have the same in every profile. */
#include "store/dictionary_content.h"

uint64_t dictionary_content_address(const struct profile *profile, const struct location *location)
{
	const struct mapping *mapping = &profile->mappings[location->mapping];
	uint64_t offset;

	if (location->n_lines)
		return 0;
	if (location->mapping && place_find(mapping, profile_text(profile, mapping->file),
					 location->address, &offset))
		return offset | DICTIONARY_CONTENT_OFFSET;
	return location->address;
}

static uint64_t text(const struct profile *profile, uint32_t string)
{
	return strings_hash(&profile->strings, string);
}

static uint64_t of_line(uint64_t hash, const struct profile *profile, const struct line *line)
{
	const struct function *function = &profile->functions[line->function];

	hash = hash_keyed_pair(hash ^ text(profile, function->name), text(profile, function->file));
	hash = hash_keyed_pair(
		hash ^ text(profile, function->system_name), (uint64_t)function->start_line);
	return hash_keyed_pair(hash ^ (uint64_t)line->line, (uint64_t)line->column);
}

uint64_t dictionary_content_frame(const struct profile *profile, uint32_t id)
{
	const struct location *location = &profile->locations[id];
	const struct mapping *mapping = &profile->mappings[location->mapping];
	uint64_t hash = hash_keyed_pair(text(profile, mapping->file) + (location->mapping != 0),
		text(profile, mapping->build_id));

	hash ^= (uint64_t)location->n_lines << 1 | location->is_folded;
	if (location->n_lines == 0)
		return hash_keyed_pair(hash, dictionary_content_address(profile, location));
	for (uint32_t i = 0; i < location->n_lines; i++)
		hash = of_line(hash, profile, &profile->lines[location->first_line + i]);
	return hash;
}

/* One product a frame and half: a stack waits for its parent's, and there are many. */
static struct hash128 with_frame(struct hash128 parent, uint64_t frame)
{
	return (struct hash128){ hash_fold(parent.low ^ frame, hash_secret[0] | 1),
		hash_fold(parent.high + frame, hash_secret[1]) };
}

void dictionary_content_all(
	const struct profile *profile, uint64_t *ret_frames, struct hash128 *ret_stacks)
{
	const struct stack_node *nodes = profile->stacks.nodes;

	for (uint32_t i = 0; i < profile->n_locations; i++)
		ret_frames[i] = dictionary_content_frame(profile, i);
	ret_stacks[STACK_EMPTY] = (struct hash128){ hash_secret[1], hash_secret[0] };
	for (size_t i = 1; i < profile->stacks.count; i++)
		ret_stacks[i] =
			with_frame(ret_stacks[nodes[i].parent], ret_frames[nodes[i].location]);
}
