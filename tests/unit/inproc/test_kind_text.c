/* test_kind_text: Go's three shapes. */
#include "inproc/kind_text.h"
#include "testing.h"

static const struct kind heap = { .name = "heap", .text = KIND_TEXT_HEAP };
static const struct kind block = { .name = "block", .text = KIND_TEXT_CONTENTION };
static const struct kind threads = { .name = "threads", .text = KIND_TEXT_COUNT };

static void add(struct profile *p, const char *name, uint64_t address, const int64_t *values)
{
	struct function function = { .name = profile_string(p, view_of(name)) };
	struct line line = { .function = profile_function(p, &function) };
	struct location location = { .address = address, .n_lines = 1 };

	profile_add(
		p, profile_push(p, STACK_EMPTY, profile_location(p, &location, &line)), 0, values);
}

static void types(struct profile *p, size_t n)
{
	static const char *const names[] = { "a", "b", "c", "d" };

	for (size_t i = 0; i < n; i++)
		profile_add_type(p, view_of(names[i]), VIEW("count"), NULL);
}

static void a_heap_shows_the_largest_live_first(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };

	types(p, 4);
	add(p, "small", 0x10, (int64_t[]){ 4, 400, 1, 100 });
	add(p, "large", 0x20, (int64_t[]){ 2, 600, 1, 300 });
	kind_text_write(&heap, p, &out);
	assert_view_equal(buf_view(&out), "heap profile: 2: 400 [6: 1000] @ heapprofile\n"
					  "1: 300 [2: 600] @ 0x20\n#\t0x20\tlarge\n\n"
					  "1: 100 [4: 400] @ 0x10\n#\t0x10\tsmall\n\n");
}

static const struct kind mutex = { .name = "mutex", .text = KIND_TEXT_CONTENTION };

static void contention_is_in_nanoseconds(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };

	types(p, 2);
	add(p, "f", 0x10, (int64_t[]){ 3, 5000 });
	kind_text_write(&block, p, &out);
	assert_view_equal(buf_view(&out),
		"--- contention:\ncycles/second=1000000000\n5000 3 @ 0x10\n#\t0x10\tf\n\n");
	buf_clear(&out);
	kind_text_write(&mutex, p, &out);
	assert_true(view_starts(buf_view(&out), VIEW("--- mutex:\n")));
}

static void threads_are_counted(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };

	types(p, 1);
	add(p, "f", 0x10, (int64_t[]){ 3 });
	kind_text_write(&threads, p, &out);
	assert_view_equal(buf_view(&out), "threads profile: total 3\n3 @ 0x10\n#\t0x10\tf\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_heap_shows_the_largest_live_first),
		cmocka_unit_test(contention_is_in_nanoseconds),
		cmocka_unit_test(threads_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
