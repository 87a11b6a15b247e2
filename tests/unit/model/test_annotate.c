/* test_annotate: the lines of a function against the slow way. */
#include "testing.h"

#include "model/annotate.h"
#include "model/frames.h"
#include "random_profile.h"

/* One frame of a stack, as the profile has it: its function's name, its file and its line. */
struct spot {
	uint32_t name, file;
	int64_t line;
};

#define SPOTS_MAX 64

/* Leaf first. */
static size_t spots_of(
	const struct profile *p, const struct frames *frames, uint32_t stack, struct spot *ret)
{
	size_t n = 0;

	for (; stack != STACK_EMPTY; stack = p->stacks.nodes[stack].parent) {
		uint32_t location = p->stacks.nodes[stack].location;
		const struct location *l = &p->locations[location];
		uint32_t first = frames->first[location];

		for (uint32_t f = first; f < frames->first[location + 1]; f++) {
			ret[n] = (struct spot){ .name = frames->all[f].name };
			if (l->n_lines) {
				const struct line *line = &p->lines[l->first_line + f - first];

				ret[n].file = p->functions[line->function].file;
				ret[n].line = line->line;
			}
			n++;
		}
	}
	return n;
}

static bool is_at(const struct spot *spot, uint32_t name, const struct annotate_line *line)
{
	return spot->name == name && spot->file == line->file && spot->line == line->line;
}

static void check_line(const struct profile *p, const struct frames *frames, uint32_t name,
	const struct annotate_line *line)
{
	int64_t self = 0, total = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		struct spot spots[SPOTS_MAX];
		size_t n = spots_of(p, frames, p->samples[i].stack, spots);
		bool passes = false;

		for (size_t s = 0; s < n; s++)
			passes |= is_at(&spots[s], name, line);
		total += passes ? p->values[2 * i + 1] : 0;
		self += n && is_at(&spots[0], name, line) ? p->values[2 * i + 1] : 0;
	}
	assert_int_equal(line->self, self);
	assert_int_equal(line->total, total);
}

static void lines_agree_with_the_slow_way(void **state)
{
	size_t n_lines = 0;

	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct annotate annotate;
		struct frames frames;

		assert_int_equal(annotate_build(p, 1, VIEW("a"), &annotate, NULL), 0);
		assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
		for (size_t i = 0; i < annotate.n_lines; i++) {
			check_line(p, &frames, strings_find(&frames.names, VIEW("a")),
				&annotate.lines[i]);
			assert_true(i == 0 || annotate.lines[i - 1].line < annotate.lines[i].line);
		}
		n_lines += annotate.n_lines;
		frames_fini(&frames);
		annotate_fini(&annotate);
	}
	assert_true(n_lines > 100);
}

static uint32_t line_of(struct profile *p, const char *name, const char *file, int64_t number)
{
	uint32_t text = profile_string(p, view_of(name));
	struct function function = { .name = text, .system_name = text };
	struct location location = { .address = (uint64_t)number, .n_lines = 1 };
	struct line line = { .line = number };

	function.file = profile_string(p, view_of(file));
	line.function = profile_function(p, &function);
	return profile_location(p, &location, &line);
}

static void a_line_counts_once_for_a_stack_that_recurs(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t stack = STACK_EMPTY;
	struct annotate annotate;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (int i = 0; i < 3; i++)
		stack = profile_push(p, stack, line_of(p, "f", "b.c", 7));
	profile_add(p, stack, 0, (int64_t[]){ 4 });
	stack = profile_push(p, stack, line_of(p, "f", "a.c", 9));
	profile_add(p, stack, 0, (int64_t[]){ 2 });
	assert_int_equal(annotate_build(p, 0, VIEW("f"), &annotate, NULL), 0);
	assert_int_equal(annotate.total, 6);
	assert_int_equal(annotate.self, 6);
	assert_int_equal(annotate.n_lines, 2);
	assert_view_equal(profile_text(p, annotate.lines[0].file), "a.c");
	assert_int_equal(annotate.lines[0].line, 9);
	assert_int_equal(annotate.lines[0].total, 2);
	assert_int_equal(annotate.lines[1].self, 4);
	assert_int_equal(annotate.lines[1].total, 6);
	annotate_fini(&annotate);
}

static void what_has_no_line_is_line_0_of_no_file(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct annotate annotate;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(
		p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f"))), 0, (int64_t[]){ 3 });
	assert_int_equal(annotate_build(p, 0, VIEW("f"), &annotate, NULL), 0);
	assert_int_equal(annotate.n_lines, 1);
	assert_int_equal(annotate.lines[0].file, 0);
	assert_int_equal(annotate.lines[0].line, 0);
	assert_int_equal(annotate.lines[0].self, 3);
	annotate_fini(&annotate);
	assert_int_equal(annotate_build(p, 0, VIEW("g"), &annotate, NULL), 0);
	assert_int_equal(annotate.n_lines, 0);
	assert_int_equal(annotate.total, 0);
	annotate_fini(&annotate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_agree_with_the_slow_way),
		cmocka_unit_test(a_line_counts_once_for_a_stack_that_recurs),
		cmocka_unit_test(what_has_no_line_is_line_0_of_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
