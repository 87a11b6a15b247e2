/* capture: how the sampling itself went, as a profile. */
#include "agent/capture.h"

/* The root first; `inner` may be NULL. */
static void add(struct profile *profile, const char *outer, const char *inner, uint64_t count)
{
	uint32_t stack = profile_push(profile, STACK_EMPTY, profile_named(profile, view_of(outer)));
	int64_t value = (int64_t)count;

	if (count == 0)
		return;
	if (inner)
		stack = profile_push(profile, stack, profile_named(profile, view_of(inner)));
	profile_add(profile, stack, 0, &value);
}

struct profile *capture_profile(const struct profile *whole)
{
	const struct accounting *a = &whole->accounting;
	struct profile *profile = profile_new();

	if (!profile)
		return NULL;
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile->period_type = profile->types[0];
	profile->period = 1;
	profile->time_ns = whole->time_ns;
	profile->duration_ns = whole->duration_ns;
	add(profile, "complete", NULL, a->complete);
	for (unsigned i = 0; i < TRUNCATED_REASONS; i++)
		add(profile, "truncated", truncated_name((enum truncated_reason)i),
			a->truncated[i]);
	for (unsigned i = 0; i < LOST_REASONS; i++)
		add(profile, "lost", lost_name((enum lost_reason)i), a->lost[i]);
	add(profile, "idle", NULL, a->idle_ticks);
	if (profile->failed) {
		profile_free(profile);
		return NULL;
	}
	return profile;
}
