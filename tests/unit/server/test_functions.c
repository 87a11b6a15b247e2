/* test_functions: the table and the neighbours of a function. */
#include "testing.h"

#include "../render/folded_tree.h"
#include "model/frames.h"
#include "server/functions.h"

static void top_is(const char *folded, const char *json)
{
	PROFILE_AUTO profile = folded_profile(folded);
	BUF_AUTO out = { 0 };

	assert_int_equal(functions_top(profile, 0, &out, NULL), 0);
	assert_view_equal(buf_view(&out), json);
}

static void peek_is(const char *folded, const char *name, const char *json)
{
	PROFILE_AUTO profile = folded_profile(folded);
	BUF_AUTO out = { 0 };

	assert_int_equal(functions_peek(profile, 0, view_of(name), &out, NULL), 0);
	assert_view_equal(buf_view(&out), json);
}

static void self_is_what_ends_there_and_total_what_passes(void **state)
{
	top_is("a;b 5\na 2\nc 1\n",
		"{\"rows\":[[\"a\",\"\",0,0,2,7],[\"b\",\"\",0,0,5,5],[\"c\",\"\","
		"0,0,1,1]],\"left_out\":0}\n");
}

static void a_recursive_function_counts_once_in_each_stack(void **state)
{
	top_is("f;f;f 4\nf;g;f 3\n",
		"{\"rows\":[[\"f\",\"\",0,0,7,7],[\"g\",\"\",0,0,0,3]],\"left_out\":0}\n");
}

static void an_empty_profile_has_an_empty_table(void **state)
{
	top_is("", "{\"rows\":[],\"left_out\":0}\n");
}

static void callers_and_callees_have_the_value_of_their_calls(void **state)
{
	peek_is("a;f;x 5\nb;f;x 2\nb;f;y 4\nf 1\n", "f",
		"{\"self\":1,\"total\":12,\"callers\":[[\"b\",6],[\"a\",5]],"
		"\"callees\":[[\"x\",7],[\"y\",4]]}\n");
}

static void a_call_made_twice_by_a_stack_counts_once(void **state)
{
	peek_is("a;f;b;f;b 4\n", "f",
		"{\"self\":0,\"total\":4,\"callers\":[[\"a\",4],[\"b\",4]],"
		"\"callees\":[[\"b\",4]]}\n");
}

static void a_function_that_calls_itself_is_not_its_own_neighbour(void **state)
{
	peek_is("a;f;f;f;b 4\n", "f",
		"{\"self\":0,\"total\":4,\"callers\":[[\"a\",4]],\"callees\":[[\"b\",4]]}\n");
}

/* A name with the suffix of inlined frames, in a module that is a runtime. */
static void an_inlined_function_tells_what_its_module_is(void **state)
{
	PROFILE_AUTO profile = folded_profile("");
	uint32_t file = profile_string(profile, VIEW("/usr/bin/python3.11"));
	uint32_t mapping = profile_mapping(profile, &(struct mapping){ .file = file });
	uint32_t name = profile_string(profile, VIEW("inner_[i]"));
	uint32_t function = profile_function(profile, &(struct function){ .name = name });
	uint32_t location =
		profile_location(profile, &(struct location){ .mapping = mapping, .n_lines = 1 },
			&(struct line){ .function = function });
	BUF_AUTO out = { 0 }, expected = { 0 };

	profile_add(profile, profile_push(profile, STACK_EMPTY, location), 0, (int64_t[]){ 3 });
	assert_int_equal(functions_top(profile, 0, &out, NULL), 0);
	buf_add_format(&expected,
		"{\"rows\":[[\"inner_[i]\",\"python3.11\",%d,%d,3,3]],\"left_out\":0}\n",
		FRAME_INLINED, FRAME_RUNTIME);
	assert_view_equal(buf_view(&out), buf_view(&expected).at);
}

static void a_name_that_is_nowhere_has_no_neighbours(void **state)
{
	peek_is("a;f 5\n", "nobody", "{\"self\":0,\"total\":0,\"callers\":[],\"callees\":[]}\n");
}

static void lines_are_by_file_and_line(void **state)
{
	PROFILE_AUTO profile = folded_profile("a;f 5\nf;a 1\n");
	BUF_AUTO out = { 0 };

	assert_int_equal(functions_lines(profile, 0, VIEW("f"), &out, NULL), 0);
	assert_view_equal(buf_view(&out),
		"{\"self\":5,\"total\":6,\"lines\":[[\"\",0,5,6]],\"left_out\":0}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(self_is_what_ends_there_and_total_what_passes),
		cmocka_unit_test(a_recursive_function_counts_once_in_each_stack),
		cmocka_unit_test(an_empty_profile_has_an_empty_table),
		cmocka_unit_test(callers_and_callees_have_the_value_of_their_calls),
		cmocka_unit_test(a_call_made_twice_by_a_stack_counts_once),
		cmocka_unit_test(a_function_that_calls_itself_is_not_its_own_neighbour),
		cmocka_unit_test(an_inlined_function_tells_what_its_module_is),
		cmocka_unit_test(a_name_that_is_nowhere_has_no_neighbours),
		cmocka_unit_test(lines_are_by_file_and_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
