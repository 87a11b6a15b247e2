/* kept_profiles: a store in memory with few profiles, made by hand, to be asked about. */
#ifndef TESTS_KEPT_PROFILES_H
#define TESTS_KEPT_PROFILES_H

#include <stdio.h>
#include <string.h>

#include "store/store_mem.h"
#include "store/workload.h"

#define KEPT_START (WORKLOAD_START / (3600 * WORKLOAD_SECOND) * (3600 * WORKLOAD_SECOND))

struct kept {                          /* what a profile is kept as; "memory" is what lives */
	const char *name, *host, *pod; /* NULL = process_cpu, and no label */
	int64_t at_s, seconds;         /* after KEPT_START */
};

/* Lines "main;work|3", the root first; a trace's number may follow: "main;work|3|7". Samples are
 * counts, and cpu ten times as much. */
static inline struct profile *kept_profile(const char *folded)
{
	struct profile *profile = profile_new();
	struct view text = view_of(folded);
	bool more = true;

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type = profile->types[1];
	while (more && text.len) {
		struct view line = view_take(&text, '\n', &more);
		bool has_value, has_trace, more_frames = true;
		struct view stack = view_take(&line, '|', &has_value);
		struct view value = view_take(&line, '|', &has_trace);
		uint32_t id = STACK_EMPTY, labels = 0;
		uint64_t count = 0, trace = 0;

		while (more_frames) {
			struct view frame = view_take(&stack, ';', &more_frames);

			id = profile_push(profile, id, profile_named(profile, frame));
		}
		assert_true(view_to_u64(value, &count));
		if (has_trace && view_to_u64(line, &trace)) {
			char hex[40];
			struct label label = { .key = profile_string(profile, VIEW("trace_id")) };

			snprintf(hex, sizeof(hex), "%032llx", (unsigned long long)trace);
			label.str = profile_string(profile, view_of(hex));
			labels = profile_labels(profile, &label, 1);
		}
		profile_add(
			profile, id, labels, (int64_t[]){ (int64_t)count, (int64_t)count * 10 });
	}
	return profile;
}

static inline void kept_add(struct store *store, struct kept as, const char *folded)
{
	struct store_label labels[3];
	struct store_entry entry = { .name = view_of(as.name ? as.name : "process_cpu") };
	size_t n = 0;

	if (as.host)
		labels[n++] = (struct store_label){ VIEW("host"), view_of(as.host) };
	if (as.pod)
		labels[n++] = (struct store_label){ VIEW("pod"), view_of(as.pod) };
	labels[n++] = (struct store_label){ VIEW("service_name"), VIEW("shop") };
	entry.labels = (struct store_labels){ labels, n };
	entry.profile = kept_profile(folded);
	if (view_equal(entry.name, VIEW("memory")))
		profile_retype(
			(struct profile *)entry.profile, 0, VIEW("inuse_space"), VIEW("bytes"), 1);
	((struct profile *)entry.profile)->time_ns = KEPT_START + as.at_s * WORKLOAD_SECOND;
	((struct profile *)entry.profile)->duration_ns = as.seconds * WORKLOAD_SECOND;
	snprintf((char *)entry.id, sizeof(entry.id), "%s%s%lld", as.host ? as.host : "",
		as.pod ? as.pod : "", (long long)as.at_s);
	assert_int_equal(workload_append(store, &entry, 1, NULL), 0);
	profile_free((struct profile *)entry.profile);
}

/* An hour of counts. */
static inline struct store_select kept_select(void)
{
	return (struct store_select){ .type = workload_type(0),
		.from_ns = KEPT_START,
		.to_ns = KEPT_START + 3600 * WORKLOAD_SECOND };
}

/* The same of what lives. */
static inline struct store_select kept_select_living(void)
{
	struct store_select select = kept_select();

	select.type.name = VIEW("memory");
	select.type.type = VIEW("inuse_space");
	select.type.unit = VIEW("bytes");
	return select;
}

#endif
