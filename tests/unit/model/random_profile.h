/*
 * random_profile: small profiles full of corners, the same for the same seed.
 *
 * Names that extend each other, inlined lines, addresses without names, several addresses
 * of one function, kernel and JIT mappings, recursion, empty stacks, labels; two sample types.
 */
#ifndef RANDOM_PROFILE_H
#define RANDOM_PROFILE_H

#include <stdlib.h>

#include "model/profile.h"

static inline uint32_t random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static inline uint32_t random_location(struct profile *p, uint32_t *seed)
{
	static const char *const names[] = { "a", "a.part.0", "a b", "ab", "b", "main", "tcp_[k]",
		"\xc3\xa9", "operator new(unsigned long)", "a-b", "[truncated: depth]", "a;b" };
	static const char *const files[] = { "/usr/bin/inventory", "[kernel.kallsyms]", "[jit]",
		"/usr/lib/libpython3.11.so.1.0" };
	struct mapping mapping = { .file = profile_string(
					   p, view_of(files[random_next(seed) % 4])) };
	struct location location = { .address = 0x1000 + random_next(seed) % 3 };
	struct line lines[3];

	location.mapping = random_next(seed) % 4 ? profile_mapping(p, &mapping) : 0;
	location.n_lines = random_next(seed) % 8 ? 1 + random_next(seed) % 5 / 3 : 0;
	for (uint32_t i = 0; i < location.n_lines; i++) {
		uint32_t name = profile_string(p, view_of(names[random_next(seed) % 12]));
		struct function function = { .name = name, .system_name = name };

		function.file = profile_string(p, VIEW("src/main.c"));
		lines[i] = (struct line){ .function = profile_function(p, &function),
			.line = 1 + random_next(seed) % 2 };
	}
	return profile_location(p, &location, lines);
}

static inline uint32_t random_labels(struct profile *p, uint32_t *seed)
{
	static const char *const hosts[] = { "h1", "h2" };
	struct label labels[2] = {
		{ .key = profile_string(p, VIEW("host")),
			.str = profile_string(p, view_of(hosts[random_next(seed) % 2])) },
		{ .key = profile_string(p, VIEW("bytes")),
			.num = random_next(seed) % 2,
			.unit = profile_string(p, VIEW("bytes")) },
	};

	return profile_labels(p, labels, random_next(seed) % 3);
}

static inline struct profile *random_profile(uint32_t seed)
{
	struct profile *p = profile_new();
	uint32_t n_samples;

	seed = seed * 2654435761u + 1;
	n_samples = random_next(&seed) % 40;
	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	for (uint32_t i = 0; i < n_samples; i++) {
		uint32_t depth = random_next(&seed) % 7;
		uint32_t stack = STACK_EMPTY;
		int64_t values[2] = { random_next(&seed) % 5, random_next(&seed) % 90 };

		while (depth-- > 0)
			stack = profile_push(p, stack, random_location(p, &seed));
		profile_add(p, stack, random_labels(p, &seed), values);
	}
	return p;
}

#endif
