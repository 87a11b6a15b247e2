/* test_export: every file that the page offers can be made, and is what it says. */
#include "testing.h"

#include "../render/folded_tree.h"
#include "render/page.h"
#include "server/export.h"

static void every_format_has_a_file_and_can_be_found(void **state)
{
	for (const struct export *e = export_all; e->format; e++) {
		assert_ptr_equal(export_find(e->format), e);
		assert_non_null(strchr(e->file, '.'));
	}
	assert_null(export_find("exe"));
	assert_null(export_find(""));
}

static void every_format_writes_something(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 3\n");

	for (const struct export *e = export_all; e->format; e++) {
		BUF_AUTO out = { 0 };
		int rc = e->write(p, "title", 0, &out, NULL);

		if (strcmp(e->format, "html") == 0 && !page_is_built()) {
			assert_int_equal(rc, ERR_UNSUPPORTED);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_true(out.len > 5);
	}
}

static void folded_stacks_come_back_as_they_were(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 3\n");
	BUF_AUTO out = { 0 };

	assert_int_equal(export_find("folded")->write(p, "title", 0, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "a;b 3\n");
}

static void the_list_names_each_format(void **state)
{
	BUF_AUTO out = { 0 };

	export_list(&out);
	buf_add_char(&out, '\0');
	assert_int_equal(out.at[0], '[');
	for (const struct export *e = export_all; e->format; e++)
		assert_non_null(strstr(out.at, e->file));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_has_a_file_and_can_be_found),
		cmocka_unit_test(every_format_writes_something),
		cmocka_unit_test(folded_stacks_come_back_as_they_were),
		cmocka_unit_test(the_list_names_each_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
