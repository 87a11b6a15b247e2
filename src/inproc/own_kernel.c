/* own_kernel: names for the kernel's frames of a profile of this process. */
#include "inproc/own_kernel.h"

#include "base/clock.h"
#include "model/profile.h"
#include "symbol/kallsyms.h"
#include "symbol/kernelname.h"

#define NS_PER_S UINT64_C(1000000000)
#define GOOD_NS (60 * NS_PER_S) /* it is believed to lack nothing */
#define OLD_NS (600 * NS_PER_S)

static struct {
	struct kallsyms *symbols;
	uint64_t read_ns;
} kept;

bool own_kernel_is(const struct profile *profile, uint32_t mapping)
{
	return mapping && view_equal(profile_text(profile, profile->mappings[mapping].file),
				  VIEW(OWN_KERNEL_FILE));
}

static bool is_unnamed(const struct profile *profile, uint32_t location, uint32_t mapping)
{
	return profile->locations[location].mapping == mapping &&
	       profile->locations[location].n_lines == 0;
}

static bool knows_all(const struct profile *profile, uint32_t mapping)
{
	struct kallsyms_hit hit;

	for (uint32_t i = 0; i < profile->n_locations; i++)
		if (is_unnamed(profile, i, mapping) &&
			!kallsyms_find(kept.symbols, profile->locations[i].address, &hit))
			return false;
	return true;
}

static void read_list(const struct profile *profile, uint32_t mapping)
{
	uint64_t now_ns = clock_monotonic_ns(), age_ns = now_ns - kept.read_ns;
	struct kallsyms *fresh, *old = kept.symbols;

	if (old && (age_ns < GOOD_NS || (age_ns < OLD_NS && knows_all(profile, mapping))))
		return;
	if (kallsyms_load(&fresh, NULL) < 0)
		return;
	kept.symbols = fresh;
	kept.read_ns = now_ns;
	kallsyms_free(old);
}

void own_kernel_name(struct profile *profile, uint32_t mapping)
{
	read_list(profile, mapping);
	if (!kept.symbols || kallsyms_restricted(kept.symbols))
		profile_comment(profile,
			VIEW("flyover.kernel names are hidden: it takes kernel.kptr_restrict=0 and "
			     "kernel.perf_event_paranoid=1, or CAP_SYSLOG"));
	for (uint32_t i = 0; i < profile->n_locations; i++)
		if (is_unnamed(profile, i, mapping))
			kernelname_give(profile, i, kept.symbols);
	kernelname_hide(profile, mapping);
}
