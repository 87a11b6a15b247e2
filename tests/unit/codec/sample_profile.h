/* sample_profile: a profile with a bit of everything, and words for the tests of codecs. */
#ifndef SAMPLE_PROFILE_H
#define SAMPLE_PROFILE_H

#include "testing.h"

#include "codec/codec.h"
#include "model/profile.h"

static inline uint32_t sample_location(
	struct profile *p, const char *name, uint64_t address, uint32_t mapping)
{
	struct function function = { .name = profile_string(p, view_of(name)),
		.system_name = profile_string(p, VIEW("_Zmangled")),
		.file = profile_string(p, VIEW("/src/a.c")),
		.start_line = 10 };
	struct line line = { .function = profile_function(p, &function), .line = 12, .column = 3 };

	return profile_location(p,
		&(struct location){ .address = address, .mapping = mapping, .n_lines = 1 }, &line);
}

/* main > work (inlined into main) > an address; a kernel frame; labels of each kind. */
static inline struct profile *sample_profile(void)
{
	struct profile *p = profile_new();
	uint32_t binary, kernel, stack;
	struct line lines[2];
	struct label labels[3];

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	binary = profile_mapping(p, &(struct mapping){ .start = 0x1000,
					    .limit = 0x9000,
					    .offset = 0x1000,
					    .file = profile_string(p, VIEW("/usr/bin/program")),
					    .build_id = profile_string(p, VIEW("c0ffee")),
					    .has_functions = true });
	kernel = profile_mapping(p, &(struct mapping){ .start = 1ULL << 63,
					    .limit = UINT64_MAX,
					    .file = profile_string(p, VIEW("[kernel.kallsyms]")) });
	sample_location(p, "main", 0x1100, binary);
	lines[0] = (struct line){
		.function = profile_function(
			p, &(struct function){ .name = profile_string(p, VIEW("inlined")) }),
		.line = 7
	};
	lines[1] = (struct line){ .function = 0, .line = 13 };
	stack = profile_push(p, STACK_EMPTY,
		profile_location(p,
			&(struct location){ .address = 0x1200,
				.mapping = binary,
				.n_lines = 2,
				.is_folded = true },
			lines));
	stack = profile_push(p, stack,
		profile_location(
			p, &(struct location){ .address = 0x1340, .mapping = binary }, NULL));
	profile_add(p, stack, 0, (int64_t[]){ 3, 30 });
	labels[0] = (struct label){ .key = profile_string(p, VIEW("zero")) };
	labels[1] = (struct label){ .key = profile_string(p, VIEW("bytes")),
		.num = -5,
		.unit = profile_string(p, VIEW("kilobytes")) };
	labels[2] = (struct label){ .key = profile_string(p, VIEW("thread")),
		.str = profile_string(p, VIEW("worker")) };
	profile_add(p, stack, profile_labels(p, labels, 3), (int64_t[]){ 1, 10 });
	stack = profile_push(p, stack, sample_location(p, "do_syscall", (1ULL << 63) + 16, kernel));
	profile_add(p, stack, 0, (int64_t[]){ 2, 20 });
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ 5, 50 });
	p->time_ns = 1700000000000000001;
	p->duration_ns = 10000000000;
	p->period_type = p->types[1];
	p->period = 10101010;
	p->default_type = p->types[0].type;
	p->drop_frames = profile_string(p, VIEW("drop.*"));
	p->keep_frames = profile_string(p, VIEW("keep.*"));
	p->doc_url = profile_string(p, VIEW("https://example.org/"));
	profile_comment(p, VIEW("a comment"));
	p->accounting =
		(struct accounting){ .known = true, .attempted = 12, .complete = 11, .hz = 99 };
	p->accounting.lost[LOST_RING_FULL] = 1;
	return p;
}

static inline void assert_totals_equal(const struct profile *a, const struct profile *b)
{
	assert_int_equal(a->n_types, b->n_types);
	for (size_t i = 0; i < a->n_types; i++)
		assert_true(profile_total(a, i) == profile_total(b, i));
}

#endif
