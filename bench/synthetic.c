/* synthetic: a profile like a busy Go server's, of any size and the same each time. */
#include "synthetic.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/profile.h"

#define ENTRY_FRAMES 7

static uint64_t next_random(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*state);
}

/* Six functions in ten call one other, a quarter two, the rest up to six. */
static unsigned callees_of(uint32_t function)
{
	unsigned kind = hash_u64(function) % 100;

	if (kind < 60)
		return 1;
	return kind < 85 ? 2 : 6;
}

/* 0 more than half of the time, and so on down. */
static unsigned skewed(uint64_t *state, unsigned n)
{
	unsigned i = 0;

	while (i + 1 < n && next_random(state) % 100 < 45)
		i++;
	return i;
}

static uint32_t add_function(struct profile *p, uint32_t i)
{
	char name[128], file[128];
	struct function function = { .start_line = 10 + i % 900 };

	snprintf(name, sizeof(name),
		"github.com/example/service%u/internal/pkg%u.(*Type%u).Method%u", i % 7, i % 61,
		i % 211, i);
	snprintf(file, sizeof(file),
		"/build/src/github.com/example/service%u/internal/pkg%u/file%u.go", i % 7, i % 61,
		i % 211);
	function.name = function.system_name = profile_string(p, view_of(name));
	function.file = profile_string(p, view_of(file));
	return profile_function(p, &function);
}

/* Each function is called from a few places of its own: a location is one of them. */
static uint32_t location_in(struct profile *p, uint32_t function, unsigned site)
{
	struct line line = { .function = function, .line = 20 + function % 900 + site * 3 };
	struct location location = {
		.mapping = 1, .address = 0x401000 + function * 640ULL + site * 37, .n_lines = 1
	};

	return profile_location(p, &location, &line);
}

static uint32_t labels_of(struct profile *p, uint64_t *state, unsigned values)
{
	static const char *const keys[] = { "endpoint", "tenant" };
	struct label labels[2];

	for (int i = 0; i < 2; i++) {
		char value[32];

		snprintf(value, sizeof(value), "%s-%u", keys[i], skewed(state, values));
		labels[i] = (struct label){ .key = profile_string(p, view_of(keys[i])),
			.str = profile_string(p, view_of(value)) };
	}
	return profile_labels(p, labels, 2);
}

static uint32_t walk(struct profile *p, uint64_t *state, const struct synthetic *options)
{
	unsigned depth = options->depth_min +
			 next_random(state) % (options->depth_max - options->depth_min + 1);
	uint32_t stack = STACK_EMPTY, function = 0;

	for (unsigned d = 0; d < depth; d++) {
		unsigned choice = skewed(state, callees_of(function));

		stack = profile_push(p, stack, location_in(p, function, choice % 4));
		function = d < ENTRY_FRAMES
				   ? d + 1
				   : (uint32_t)(hash_pair(function, choice) % options->functions);
	}
	return stack;
}

struct profile *synthetic_profile(const struct synthetic *options)
{
	struct profile *p = profile_new();
	uint64_t state = 1;

	if (!p)
		return NULL;
	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	p->period_type = p->types[1];
	p->period = 10000000;
	p->time_ns = 1700000000000000000;
	p->duration_ns = 30000000000;
	profile_mapping(p, &(struct mapping){ .start = 0x400000,
				   .limit = 0x40000000,
				   .file = profile_string(p, VIEW("/usr/bin/service")),
				   .has_functions = true });
	for (uint32_t i = 0; i < options->functions; i++)
		add_function(p, i);
	for (size_t i = 0; i < options->samples; i++) {
		uint32_t stack = walk(p, &state, options), labels = 0;

		if (options->label_values)
			labels = labels_of(p, &state, options->label_values);
		profile_add(p, stack, labels, (int64_t[]){ 1, 10000000 });
	}
	if (!p->failed)
		return p;
	profile_free(p);
	return NULL;
}
