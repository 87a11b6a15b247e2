/* kernelname: gives locations in the kernel their names, and addresses that tell nothing. */
#include "symbol/kernelname.h"

#include "model/profile.h"
#include "symbol/kallsyms.h"

#define KERNEL_SIZE ((uint64_t)1 << 31) /* its code and modules lie within 2 GiB */

/* A module's own mapping; the kernel itself keeps the one that the locations came with. */
static uint32_t module_mapping(struct profile *profile, struct view module)
{
	struct mapping mapping = { .limit = KERNEL_SIZE, .file = profile_string(profile, module) };

	return profile_mapping(profile, &mapping);
}

static void name(struct profile *profile, uint32_t location, struct view text)
{
	struct function function = { .name = profile_string(profile, text) };
	struct line line;

	function.system_name = function.name;
	line = (struct line){ .function = profile_function(profile, &function) };
	profile_name_location(profile, location, &line, 1);
}

static void mark(struct profile *profile, uint32_t id)
{
	struct mapping mapping = profile->mappings[id];

	mapping.has_functions = true;
	if (id)
		profile_set_mapping(profile, id, &mapping);
}

bool kernelname_give(struct profile *profile, uint32_t location, const struct kallsyms *symbols)
{
	uint32_t mapping = profile->locations[location].mapping;
	struct kallsyms_hit hit;
	bool found = symbols && kallsyms_find(symbols, profile->locations[location].address, &hit);

	if (found && !view_equal(hit.module, VIEW(KALLSYMS_KERNEL)))
		mapping = module_mapping(profile, hit.module);
	if (mapping == PROFILE_NONE)
		return false;
	profile_move_location(profile, location, mapping, found ? hit.address : 0);
	if (found)
		mark(profile, mapping);
	name(profile, location, found ? hit.name : VIEW("[kernel]"));
	return found;
}

void kernelname_hide(struct profile *profile, uint32_t mapping)
{
	struct mapping hidden = profile->mappings[mapping];

	hidden.start = hidden.offset = 0;
	hidden.limit = KERNEL_SIZE;
	profile_set_mapping(profile, mapping, &hidden);
}
