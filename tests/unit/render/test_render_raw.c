/* test_render_raw: everything is there, tied together by its ids. */
#include "testing.h"

#include "render/render_raw.h"
#include "sample_service.h"

static void all_parts_are_listed_with_their_ids(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct mapping binary = { .start = 0x1000,
		.limit = 0x2000,
		.file = profile_string(p, VIEW("/bin/x")),
		.build_id = profile_string(p, VIEW("abcd")),
		.has_functions = true };
	struct location bare = { .address = 0x1234, .mapping = profile_mapping(p, &binary) };

	BUF_AUTO out = { 0 };

	profile_add(p, profile_push(p, STACK_EMPTY, profile_location(p, &bare, NULL)), 0,
		(int64_t[]){ 7 });
	p->accounting = (struct accounting){ .known = true, .attempted = 5, .complete = 5 };
	assert_int_equal(render_raw(p, &out, NULL), 0);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "flyover.capture attempted=5 complete=5"));
	assert_non_null(strstr(out.at, "types: cpu/nanoseconds\n"));
	assert_non_null(strstr(out.at, "samples: 5\n600000000: 2 1 1 0\n"));
	assert_non_null(strstr(out.at, "300000000: 1 0\n    job: nightly\n"));
	assert_non_null(strstr(out.at, "\n7: 5\n"));
	assert_non_null(strstr(out.at, "\n5: 0x1234 mapping 1\n"));
	assert_non_null(strstr(out.at, "2: 0x0 mapping 0\n    regcomp :0:0 starts at 0"));
	assert_non_null(strstr(out.at, "\n1: 0x1000-0x2000 offset 0x0 /bin/x abcd [functions]\n"));
	assert_null(strchr(out.at, '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_parts_are_listed_with_their_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
