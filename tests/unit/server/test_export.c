/* test_export: every file that the page offers can be made, and is what it says. */
#include "testing.h"

#include "../render/folded_tree.h"
#include "render/page.h"
#include "server/export.h"

static int write(const struct profile *profile, const char *format, struct export_result *ret)
{
	struct export_request request = { .profile = profile, .title = "t", .format = format };

	return export_write(&request, ret, NULL);
}

static void every_format_begins_as_it_should(void **state)
{
	static const struct {
		const char *format, *file, *begin;
	} expected[] = {
		{ "pprof", "flyover.pb.gz", "\x1f\x8b" },
		{ "folded", "flyover.folded", "a;b 3\n" },
		{ "svg", "flyover.svg", "<?xml" },
		{ "html", "flyover.html", "<!doctype html>" },
	};
	PROFILE_AUTO p = folded_profile("a;b 3\n");

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct export_result result;
		int rc = write(p, expected[i].format, &result);

		if (strcmp(expected[i].format, "html") == 0 && !page_is_built()) {
			assert_int_equal(rc, ERR_UNSUPPORTED);
			buf_fini(&result.bytes);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_string_equal(result.file, expected[i].file);
		assert_true(view_starts(buf_view(&result.bytes), view_of(expected[i].begin)));
		buf_fini(&result.bytes);
	}
}

static void a_format_that_nobody_writes_is_refused(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 3\n");
	struct export_result result;

	assert_int_equal(write(p, "exe", &result), ERR_USAGE);
	assert_int_equal(write(p, "", &result), ERR_USAGE);
}

static void the_list_names_what_can_be_written(void **state)
{
	BUF_AUTO out = { 0 };

	export_list(&out);
	buf_add_char(&out, '\0');
	assert_int_equal(out.at[0], '[');
	assert_non_null(strstr(out.at, "{\"format\":\"pprof\",\"file\":\"flyover.pb.gz\""));
	assert_non_null(strstr(out.at, "\"flyover.svg\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_begins_as_it_should),
		cmocka_unit_test(a_format_that_nobody_writes_is_refused),
		cmocka_unit_test(the_list_names_what_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
