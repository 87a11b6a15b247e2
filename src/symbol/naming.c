/* naming: gives the locations of a profile their lines, whatever their addresses mean. */
#include "symbol/naming.h"

#include <assert.h>

#include "base/buf.h"
#include "model/profile.h"
#include "symbol/objnames.h"
#include "symbol/perfmap.h"
#include "symbol/symbol.h"

static struct mapping *mapping_of(struct naming *naming, uint32_t location)
{
	return &naming->profile->mappings[naming->profile->locations[location].mapping];
}

static void mark(struct naming *naming, uint32_t location, bool has_lines, bool has_inline)
{
	uint32_t id = naming->profile->locations[location].mapping;
	struct mapping mapping = *mapping_of(naming, location);

	naming->stats->named++;
	naming->stats->lined += has_lines;
	if (id == 0)
		return;
	mapping.has_functions = true;
	mapping.has_filenames |= has_lines;
	mapping.has_line_numbers |= has_lines;
	mapping.has_inline_frames |= has_inline;
	profile_set_mapping(naming->profile, id, &mapping);
}

/* go tool pprof takes a name that equals its system name for one not demangled yet, and cuts off
 * what stands in brackets. A name that never was mangled says so by having no system name. */
static struct view system_name_of(const struct objnames_frame *frame)
{
	bool plain = !memchr(frame->name.at, '<', frame->name.len) &&
		     !memchr(frame->name.at, '(', frame->name.len);

	return plain || !view_equal(frame->name, frame->system_name) ? frame->system_name
								     : (struct view){ 0 };
}

static uint32_t add_function(struct naming *naming, const struct objnames_frame *frame)
{
	struct profile *profile = naming->profile;
	struct function function = { .name = profile_string(profile, frame->name),
		.system_name = profile_string(profile, system_name_of(frame)),
		.file = profile_string(profile, frame->file),
		.start_line = frame->start_line };

	return profile_function(profile, &function);
}

void naming_object(struct naming *naming, uint32_t location, const struct objnames *names,
	uint32_t *function_of)
{
	size_t first,
		n = objnames_find(names, naming->profile->locations[location].address, &first);
	struct line lines[OBJNAMES_FRAMES_MAX];
	bool has_lines = false;

	assert(n <= OBJNAMES_FRAMES_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct objnames_frame *frame = &names->frames[first + i];
		uint32_t *function = &function_of[first + i];

		if (!*function)
			*function = add_function(naming, frame) + 1;
		lines[i] = (struct line){ .function = *function - 1, .line = frame->line };
		has_lines |= frame->line != 0;
	}
	if (n == 0) {
		naming_unknown(naming, location);
		return;
	}
	mark(naming, location, has_lines, has_lines);
	profile_name_location(naming->profile, location, lines, (uint32_t)n);
}

static void name_one(struct naming *naming, uint32_t location, const struct objnames_frame *frame)
{
	struct line line = { .function = add_function(naming, frame), .line = frame->line };

	profile_name_location(naming->profile, location, &line, 1);
}

void naming_jit(struct naming *naming, uint32_t location, const struct perfmap *perfmap)
{
	uint64_t address = naming->profile->locations[location].address;
	struct code_hit hit;

	if (!perfmap || !perfmap_find(perfmap, address, &hit)) {
		naming_unknown(naming, location);
		return;
	}
	mark(naming, location, hit.line != 0, false);
	name_one(naming, location,
		&(struct objnames_frame){ .name = hit.name,
			.system_name = hit.name,
			.file = hit.file,
			.line = hit.line });
}

static struct view basename_of(struct view path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;

	return slash ? view_between(slash + 1, view_end(path)) : path;
}

/* Addresses in a file's mapping are the file's own; in generated code only the distance from where
 * its mapping begins says something. */
void naming_unknown(struct naming *naming, uint32_t location)
{
	const struct location *at = &naming->profile->locations[location];
	const struct mapping *mapping = &naming->profile->mappings[at->mapping];
	struct view module = basename_of(profile_text(naming->profile, mapping->file));
	uint64_t offset = at->address;
	BUF_AUTO name = { 0 };

	if (naming->unknown == SYMBOL_UNKNOWN_LEFT ||
		(naming->unknown == SYMBOL_UNKNOWN_IN_BUILD && mapping->build_id))
		return;
	if (module.len && module.at[0] == '[' && offset >= mapping->start)
		offset -= mapping->start;
	if (module.len == 0)
		buf_add_text(&name, "[unknown]");
	else
		buf_add_format(&name, "%.*s+0x%llx", (int)module.len, module.at,
			(unsigned long long)offset);
	name_one(naming, location,
		&(struct objnames_frame){
			.name = buf_view(&name), .system_name = buf_view(&name) });
}
