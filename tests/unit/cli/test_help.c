/* test_help: the help says everything the tables know, within the page. */
#include "testing.h"

#include "cli/command.h"
#include "cli/help.h"
#include "writing.h"

struct wanted {
	uint64_t hz;
	bool all;
};

static const struct option options[] = {
	{ 'F', "frequency", OPTION_NUMBER(struct wanted, hz), .argument = "HZ",
		.help = "how often to look at each running thread, in times a second of the CPU "
			"time that it uses" },
	{ 0, "a-name-that-is-longer-than-the-column", OPTION_FLAG(struct wanted, all),
		.help = "everything" },
	{ 0 },
};
static const struct wanted defaults = { 99, false };
static const struct command_word examples[] = { { "flyover sample x", "looks at x" }, { 0 } };
static const struct command sample = {
	.name = "sample",
	.operands = "FILE…",
	.summary = "look",
	.about = "First paragraph.\nSecond paragraph.",
	.examples = examples,
	.options = options,
	.defaults = &defaults,
};

static void a_command_shows_options_defaults_and_examples(void **state)
{
	struct writing w;
	const char *text;

	help_command(&sample, writing_begin(&w)->out);
	text = writing_end(&w);
	assert_non_null(strstr(text, "flyover sample [OPTION…] FILE…"));
	assert_non_null(strstr(text, "First paragraph.\n\nSecond paragraph.\n"));
	assert_non_null(strstr(text, "  -F, --frequency HZ"));
	assert_non_null(strstr(text, "(default 99)"));
	assert_non_null(strstr(text, "-h, --help"));
	assert_non_null(strstr(text, "flyover sample x\n      looks at x\n"));
	assert_null(strchr(text, '\033'));
	free(w.text);
}

static void no_line_is_wider_than_the_page(void **state)
{
	struct writing w;
	char *line, *rest;

	setenv("COLUMNS", "60", 1);
	help_command(&sample, writing_begin(&w)->out);
	writing_end(&w);
	for (line = strtok_r(w.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		assert_true(strlen(line) <= 62); /* an ellipsis is three bytes in one column */
	free(w.text);
	unsetenv("COLUMNS");
}

static void the_overview_lists_every_command(void **state)
{
	struct writing w;
	const char *text;

	help_overview(writing_begin(&w)->out);
	text = writing_end(&w);
	for (const struct command *const *c = command_all; *c; c++)
		assert_non_null(strstr(text, (*c)->summary));
	free(w.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_shows_options_defaults_and_examples),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(the_overview_lists_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
