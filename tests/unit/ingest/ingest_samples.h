/* ingest_samples: small inputs for the ways in, and what became of them. */
#ifndef TESTS_INGEST_SAMPLES_H
#define TESTS_INGEST_SAMPLES_H

#include <stdio.h>

#include "base/buf.h"
#include "codec/codec.h"
#include "model/profile.h"

#define SECOND_NS INT64_C(1000000000)

/* A stack's value of the first type: "main;work" root first; -1 if it is not there. */
static inline int64_t value_at(const struct profile *profile, const char *wanted)
{
	for (size_t i = 0; i < profile->n_samples; i++) {
		char text[512] = "";

		for (uint32_t node = profile->samples[i].stack; node;
			node = profile->stacks.nodes[node].parent) {
			const struct location *location =
				&profile->locations[profile->stacks.nodes[node].location];
			struct view name = profile_text(profile,
				profile->functions[profile->lines[location->first_line].function]
					.name);
			char longer[512];

			snprintf(longer, sizeof(longer), "%.*s%s%.255s", (int)name.len, name.at,
				text[0] ? ";" : "", text);
			memcpy(text, longer, sizeof(text));
		}
		if (strcmp(text, wanted) == 0)
			return profile->values[i * profile->n_types];
	}
	return -1;
}

/* A CPU profile as Go makes them, zipped; time 0 = none. */
static inline void cpu_pprof(int64_t time_ns, struct buf *out)
{
	PROFILE_AUTO profile = profile_new();
	int64_t values[2] = { 3, 30000000 };

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->time_ns = time_ns;
	profile->period = 10000000;
	profile->period_type.type = profile_string(profile, VIEW("cpu"));
	profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
	profile_add(profile,
		profile_push(profile,
			profile_push(profile, 0, profile_named(profile, VIEW("main"))),
			profile_named(profile, VIEW("work"))),
		0, values);
	assert_int_equal(codec_pprof.encode(profile, out, NULL), 0);
}

#endif
