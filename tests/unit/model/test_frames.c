/* test_frames: what a location shows. */
#include "testing.h"

#include "model/frames.h"

static uint32_t add_function(struct profile *p, const char *name, const char *file)
{
	struct function function = { .name = profile_string(p, view_of(name)),
		.file = profile_string(p, view_of(file)) };

	return profile_function(p, &function);
}

static uint32_t add_mapping(struct profile *p, const char *file)
{
	struct mapping mapping = { .file = profile_string(p, view_of(file)) };

	return profile_mapping(p, &mapping);
}

static struct view name_of(const struct frames *frames, uint32_t frame)
{
	return strings_at(&frames->names, frames->all[frame].name);
}

static void an_address_without_a_name_is_module_and_offset(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct location location = { .address = 0x1f0, .mapping = add_mapping(p, "/usr/bin/cat") };
	struct frames frames;

	profile_location(p, &location, NULL);
	location = (struct location){ .address = 0xbeef };
	profile_location(p, &location, NULL);
	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	assert_view_equal(name_of(&frames, 0), "cat+0x1f0");
	assert_view_equal(name_of(&frames, 1), "0xbeef");
	assert_view_equal(strings_at(&frames.names, frames.all[0].module), "cat");
	frames_fini(&frames);
}

static void name_ids_are_in_code_point_order(void **state)
{
	static const char *const names[] = { "b", "a;x", "a", "\xc3\xa9", "aardvark wide",
		"a.part.0", "aardvark tall", "B" };
	PROFILE_AUTO p = profile_new();
	struct frames frames;

	for (size_t i = 0; i < 8; i++)
		profile_named(p, view_of(names[i]));
	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	for (uint32_t i = 1; i < frames.n_sorted; i++)
		assert_true(view_compare(strings_at(&frames.names, i - 1),
				    strings_at(&frames.names, i)) < 0);
	assert_int_equal(frames.n_sorted, 9);
	assert_true(frames.has_extension[frames.all[2].name]);
	assert_false(frames.has_extension[frames.all[0].name]);
	frames_fini(&frames);
}

static enum frame_kind kind_in(const char *file, const char *name)
{
	PROFILE_AUTO p = profile_new();
	struct location location = { .n_lines = 1, .mapping = add_mapping(p, file) };
	struct line line = { .function = add_function(p, name, "") };
	struct frames frames;
	enum frame_kind kind;

	profile_location(p, &location, &line);
	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	kind = frames.all[0].kind;
	frames_fini(&frames);
	return kind;
}

static void the_mapping_or_the_suffix_tells_the_kind(void **state)
{
	assert_int_equal(kind_in("/usr/bin/inventory", "main"), FRAME_USER);
	assert_int_equal(kind_in("[kernel.kallsyms]", "tcp_sendmsg"), FRAME_KERNEL);
	assert_int_equal(kind_in("", "tcp_sendmsg_[k]"), FRAME_KERNEL);
	assert_int_equal(kind_in("[jit]", "Lfoo;::bar"), FRAME_JIT);
	assert_int_equal(kind_in("//anon", "x"), FRAME_JIT);
	assert_int_equal(kind_in("", "x_[j]"), FRAME_JIT);
	assert_int_equal(kind_in("", "x_[i]"), FRAME_INLINED);
	assert_int_equal(kind_in("/usr/bin/python3.11", "x_[i]"), FRAME_INLINED);
	assert_int_equal(frames_family(VIEW("python3.11"), VIEW("x_[i]")), FRAME_RUNTIME);
	assert_int_equal(frames_family(VIEW("app"), VIEW("x_[i]")), FRAME_USER);
	assert_int_equal(kind_in("/usr/bin/python3.11", "_PyEval_EvalFrameDefault"), FRAME_RUNTIME);
	assert_int_equal(kind_in("/usr/bin/nodejs-tool", "main"), FRAME_USER);
	assert_int_equal(kind_in("/srv/api", "runtime.mallocgc"), FRAME_RUNTIME);
	assert_int_equal(kind_in("", "[truncated: depth]"), FRAME_TRUNCATED);
	assert_int_equal(kind_in(FRAMES_GROUP_FILE, "host-1"), FRAME_GROUP);
}

static void an_inlined_function_is_marked_and_its_caller_is_not(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct location location = { .n_lines = 2 };
	struct line lines[] = { { .function = add_function(p, "memcpy", "") },
		{ .function = add_function(p, "copy", "") } };
	struct frames frames;

	profile_location(p, &location, lines);
	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	assert_int_equal(frames.first[1], 2);
	assert_int_equal(frames.all[0].kind, FRAME_INLINED);
	assert_int_equal(frames.all[1].kind, FRAME_USER);
	frames_fini(&frames);
}

static void assert_shows(enum frames_granularity granularity, const char *text)
{
	PROFILE_AUTO p = profile_new();
	struct location location = { .n_lines = 1, .address = 0x40 };
	struct line line = { .function = add_function(p, "work", "src/w.c"), .line = 7 };
	struct frames frames;

	profile_location(p, &location, &line);
	assert_int_equal(frames_init(&frames, p, granularity, NULL), 0);
	assert_view_equal(name_of(&frames, 0), text);
	frames_fini(&frames);
}

static void granularity_chooses_the_text(void **state)
{
	assert_shows(FRAMES_FUNCTIONS, "work");
	assert_shows(FRAMES_LINES, "work src/w.c:7");
	assert_shows(FRAMES_FILES, "src/w.c");
	assert_shows(FRAMES_ADDRESSES, "work 0x40");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_without_a_name_is_module_and_offset),
		cmocka_unit_test(name_ids_are_in_code_point_order),
		cmocka_unit_test(the_mapping_or_the_suffix_tells_the_kind),
		cmocka_unit_test(an_inlined_function_is_marked_and_its_caller_is_not),
		cmocka_unit_test(granularity_chooses_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
