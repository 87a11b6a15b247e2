/* profilekind: what kind of profile something is, and what its name and types are called. */
#include "ingest/profilekind.h"

#include "model/profile.h"

#define CPU "process_cpu", "cpu", "nanoseconds", "cpu", "nanoseconds", true
#define WALL "wall", "wall", "nanoseconds", "wall", "nanoseconds", true
#define BYTES(type) "memory", type, "bytes", "space", "bytes", false
#define OBJECTS(type) "memory", type, "count", "space", "bytes", false
#define TLAB_BYTES(type) "memory", type, "bytes", "", "", false
#define TLAB_OBJECTS(type) "memory", type, "count", "", "", false
#define COUNT_OF(name) name, "contentions", "count", "contentions", "count", false
#define DELAY_OF(name) name, "delay", "nanoseconds", "contentions", "count", false

static const struct profilekind kinds[] = {
	{ "cpu", CPU },
	{ "itimer", CPU },
	{ "wall", WALL },
	{ "seconds", WALL },
	{ "milliseconds", WALL },
	{ "microseconds", WALL },
	{ "nanoseconds", WALL },
	{ "alloc_objects", OBJECTS("alloc_objects") },
	{ "alloc_space", BYTES("alloc_space") },
	{ "inuse_objects", OBJECTS("inuse_objects") },
	{ "inuse_space", BYTES("inuse_space") },
	{ "alloc_in_new_tlab_objects", TLAB_OBJECTS("alloc_in_new_tlab_objects") },
	{ "alloc_in_new_tlab_bytes", TLAB_BYTES("alloc_in_new_tlab_bytes") },
	{ "alloc_outside_tlab_objects", TLAB_OBJECTS("alloc_outside_tlab_objects") },
	{ "alloc_outside_tlab_bytes", TLAB_BYTES("alloc_outside_tlab_bytes") },
	{ "live", OBJECTS("live") },
	{ "bytes", BYTES("bytes") },
	{ "goroutines", "goroutine", "goroutine", "count", "goroutine", "count", false },
	{ "mutex_count", COUNT_OF("mutex") },
	{ "mutex_duration", DELAY_OF("mutex") },
	{ "block_count", COUNT_OF("block") },
	{ "block_duration", DELAY_OF("block") },
	{ "lock_count", COUNT_OF("block") },
	{ "lock_duration", DELAY_OF("block") },
	{ "exceptions", "exceptions", "exceptions", "count", "exceptions", "count", false },
};

/* What clients say when the name says nothing. */
static const struct profilekind unit_kinds[] = {
	{ "samples", CPU },
	{ "bytes", BYTES("inuse_space") },
	{ "objects", OBJECTS("inuse_objects") },
	{ "goroutines", "goroutine", "goroutine", "count", "goroutine", "count", false },
	{ "lock_samples", COUNT_OF("mutex") },
	{ "lock_nanoseconds", DELAY_OF("mutex") },
	{ "nanoseconds", "wall", "wall", "nanoseconds", "wall", "nanoseconds", false },
	{ "exceptions", "exceptions", "exceptions", "count", "exceptions", "count", false },
};

static const struct profilekind *find(const struct profilekind *at, size_t n, struct view text)
{
	for (size_t i = 0; i < n; i++)
		if (view_equal(view_of(at[i].suffix), text))
			return &at[i];
	return NULL;
}

const struct profilekind *profilekind_of_suffix(struct view suffix)
{
	return find(kinds, sizeof(kinds) / sizeof(kinds[0]), suffix);
}

const struct profilekind *profilekind_of_units(struct view units)
{
	const struct profilekind *kind =
		find(unit_kinds, sizeof(unit_kinds) / sizeof(unit_kinds[0]), units);

	return kind ? kind : &unit_kinds[0];
}

void profilekind_apply(const struct profilekind *kind, double rate, struct profile *profile)
{
	double tick_ns = kind->counts_ticks ? 1e9 / rate : 1;

	profile_retype(profile, 0, view_of(kind->type), view_of(kind->unit), tick_ns);
	profile->period_type.type = profile_string(profile, view_of(kind->period_type));
	profile->period_type.unit = profile_string(profile, view_of(kind->period_unit));
	profile->period = (int64_t)tick_ns;
}

static bool has(const struct profile *profile, const char *part)
{
	for (size_t i = 0; i < profile->n_types; i++) {
		struct view type = profile_text(profile, profile->types[i].type);

		if (memmem(type.at, type.len, part, strlen(part)))
			return true;
	}
	return false;
}

struct view profilekind_name(const struct profile *profile)
{
	static const char *const rules[][2] = { /* the first that is in a type's name */
		{ "wall", "wall" }, { "cpu", "process_cpu" }, { "alloc_", "memory" },
		{ "inuse_", "memory" }, { "space", "memory" }, { "objects", "memory" },
		{ "mutex_", "mutex" }, { "block_", "block" }, { "goroutine", "goroutine" },
		{ "contentions", "mutex" }, { "delay", "mutex" }, { "exceptions", "exceptions" }
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (has(profile, rules[i][0]))
			return view_of(rules[i][1]);
	return VIEW("process_cpu");
}
