/* test_manpage: what roff would swallow is escaped, and the tables are all there. */
#include "testing.h"

#include "cli/command.h"
#include "cli/manpage.h"
#include "writing.h"

struct wanted {
	const char *path;
};

static const struct option options[] = {
	{ 'o', "out-file", OPTION_TEXT(struct wanted, path), .argument = "FILE",
		.help = "write C:\\x" },
	{ 0 },
};
static const struct command sample = {
	.name = "sample",
	.operands = "[SOURCE…]",
	.summary = "look",
	.about = ".hidden files\n'quoted' too",
	.options = options,
};

static void dots_quotes_dashes_and_backslashes_survive(void **state)
{
	struct writing w;
	const char *text;

	manpage_command(&sample, writing_begin(&w)->out);
	text = writing_end(&w);
	assert_non_null(strstr(text, "\n\\&.hidden files\n"));
	assert_non_null(strstr(text, "\n\\&'quoted' too\n"));
	assert_non_null(strstr(text, "\\-\\-out\\-file"));
	assert_non_null(strstr(text, "C:\\ex"));
	free(w.text);
}

static void a_page_has_the_sections_that_man_expects(void **state)
{
	static const char *const sections[] = { ".TH \"FLYOVER-SAMPLE\" 1", ".SH NAME\n",
		".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n", ".SH EXIT STATUS\n" };
	struct writing w;
	const char *text;

	manpage_command(&sample, writing_begin(&w)->out);
	text = writing_end(&w);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		assert_non_null(strstr(text, sections[i]));
	free(w.text);
}

static void the_overview_refers_to_every_command(void **state)
{
	struct writing w;
	const char *text;

	manpage_overview(writing_begin(&w)->out);
	text = writing_end(&w);
	for (const struct command *const *c = command_all; *c; c++) {
		char reference[64];

		snprintf(reference, sizeof(reference), ".BR flyover\\-%s (1)", (*c)->name);
		assert_non_null(strstr(text, reference));
	}
	free(w.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dots_quotes_dashes_and_backslashes_survive),
		cmocka_unit_test(a_page_has_the_sections_that_man_expects),
		cmocka_unit_test(the_overview_refers_to_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
