/* profile_retype: other names for what a decoder could not know better. */
#include <math.h>

#include "model/profile.h"

static int64_t scaled(int64_t value, double factor)
{
	long double product = (long double)value * factor;

	if (product >= 0x1p63L)
		return INT64_MAX;
	return product <= -0x1p63L ? INT64_MIN : llroundl(product);
}

void profile_retype(
	struct profile *profile, size_t type, struct view name, struct view unit, double factor)
{
	profile->types[type] =
		(struct value_type){ profile_string(profile, name), profile_string(profile, unit) };
	if (factor == 1)
		return;
	for (size_t i = type; i < profile->n_values; i += profile->n_types)
		profile->values[i] = scaled(profile->values[i], factor);
}

void profile_rename_function(struct profile *profile, uint32_t function, struct view name)
{
	uint32_t id = profile_string(profile, name);

	if (id != PROFILE_NONE)
		profile->functions[function].name = id;
}
