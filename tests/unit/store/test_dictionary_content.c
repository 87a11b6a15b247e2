/* test_dictionary_content: numbers that are equal where the content is, and only there. */
#include "testing.h"

#include <stdlib.h>

#include "store/dictionary_content.h"

struct frame {
	const char *file, *build_id, *name, *system_name, *source;
	int64_t start_line, line, column;
	uint64_t address;
	bool is_folded;
};

static uint32_t text(struct profile *p, const char *text)
{
	return profile_string(p, view_of(text));
}

/* Its texts and mappings have other numbers than in a profile with other `strangers`. */
static uint64_t content(const struct frame *f, unsigned strangers)
{
	PROFILE_AUTO p = profile_new();
	struct mapping mapping = { .start = strangers };
	struct function function = { .start_line = f->start_line };
	struct line line = { .line = f->line, .column = f->column };
	struct location location = { .address = f->address, .is_folded = f->is_folded };

	for (unsigned i = 0; i < strangers; i++)
		profile_named(p, i ? VIEW("one") : VIEW("other"));
	mapping.file = text(p, f->file);
	mapping.build_id = text(p, f->build_id);
	location.mapping = f->file[0] ? profile_mapping(p, &mapping) : 0;
	function.name = text(p, f->name);
	function.system_name = text(p, f->system_name);
	function.file = text(p, f->source);
	line.function = profile_function(p, &function);
	location.n_lines = f->name[0] ? 1 : 0;
	return dictionary_content_frame(p, profile_location(p, &location, &line));
}

static void each_part_of_a_frame_counts(void **state)
{
	const struct frame frames[] = {
		{ "/x", "ab", "f", "_f", "f.c", 1, 2, 3, 0, false },
		{ "/y", "ab", "f", "_f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ac", "f", "_f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "g", "_f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "f", "f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "_f", "f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "f", "_f", "g.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "f", "_f", "f.c", 2, 2, 3, 0, false },
		{ "/x", "ab", "f", "_f", "f.c", 1, 3, 3, 0, false },
		{ "/x", "ab", "f", "_f", "f.c", 1, 2, 4, 0, false },
		{ "/x", "ab", "f", "_f", "f.c", 1, 2, 3, 0, true },
		{ "", "", "f", "_f", "f.c", 1, 2, 3, 0, false },
		{ "/x", "ab", "", "", "", 0, 0, 0, 5, false },
		{ "/x", "ab", "", "", "", 0, 0, 0, 6, false },
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		for (size_t k = 0; k < sizeof(frames) / sizeof(frames[0]); k++) {
			bool same = content(&frames[i], 0) == content(&frames[k], 2);

			assert_int_equal(same, i == k);
		}
}

static void a_name_makes_the_address_no_matter(void **state)
{
	const struct frame here = { "/x", "ab", "f", "f", "f.c", .line = 2, .address = 5 };
	const struct frame there = { "/x", "ab", "f", "f", "f.c", .line = 2, .address = 6 };

	assert_true(content(&here, 0) == content(&there, 0));
}

static void a_stack_is_its_frames_in_order(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t f = profile_named(p, VIEW("f")), g = profile_named(p, VIEW("g"));
	uint32_t fg = profile_push(p, profile_push(p, 0, f), g);
	uint32_t gf = profile_push(p, profile_push(p, 0, g), f);
	uint32_t fgg = profile_push(p, fg, g);
	uint64_t frames[2];
	struct hash128 stacks[8];

	assert_true(p->stacks.count <= 8);
	dictionary_content_all(p, frames, stacks);
	assert_true(frames[f] == dictionary_content_frame(p, f) && frames[f] != frames[g]);
	for (uint32_t i = 0; i < p->stacks.count; i++)
		for (uint32_t k = 0; k < i; k++)
			assert_true(
				stacks[i].low != stacks[k].low && stacks[i].high != stacks[k].high);
	assert_true(fg && gf && fgg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_of_a_frame_counts),
		cmocka_unit_test(a_name_makes_the_address_no_matter),
		cmocka_unit_test(a_stack_is_its_frames_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
