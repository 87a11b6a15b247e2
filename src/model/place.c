/* place: an address as a place in a file. */
#include "model/place.h"

#include "model/profile.h"

bool place_is_offset(const struct mapping *mapping)
{
	return mapping->start == 0 && mapping->offset == 0 && mapping->limit == PLACE_LIMIT;
}

bool place_find(
	const struct mapping *mapping, struct view file, uint64_t address, uint64_t *ret_offset)
{
	uint64_t offset = address - mapping->start + mapping->offset;

	if (address < mapping->start || address >= mapping->limit || offset >= PLACE_LIMIT)
		return false;
	if (mapping->start < PLACE_OWN_MAX && !place_is_offset(mapping))
		return false;
	if (file.len == 0 || file.at[0] == '[')
		return false;
	*ret_offset = offset;
	return true;
}
