/* test_option: GNU's grammar, and a sentence for everything else. */
#include "testing.h"

#include <stdio.h>

#include "cli/option.h"

struct wanted {
	bool all, quiet;
	uint64_t hz, length_ns;
	const char *format;
	struct option_list outputs;
};

static const char *const formats[] = { "svg", "html", NULL };

static const struct option table[] = {
	{ 'a', "all", OPTION_FLAG(struct wanted, all), .help = "everything" },
	{ 'q', "quiet", OPTION_FLAG(struct wanted, quiet), .help = "no talk" },
	{ 'F', "frequency", OPTION_NUMBER(struct wanted, hz), .argument = "HZ", .min = 1,
		.max = 10000, .help = "rate" },
	{ 'd', "duration", OPTION_DURATION(struct wanted, length_ns), .argument = "TIME", .min = 1,
		.help = "how long" },
	{ 0, "format", OPTION_TEXT(struct wanted, format), .argument = "FORMAT", .choices = formats,
		.help = "how" },
	{ 'o', "output", OPTION_LIST(struct wanted, outputs), .argument = "FILE",
		.help = "where to" },
	{ 0 },
};

struct outcome {
	struct wanted wanted;
	struct option_parse parse;
	struct err err;
	char *argv[16];
	int argc, rc;
};

#define PARSE(...) parse_words((char *[]){ __VA_ARGS__, NULL }, false)

static struct outcome *parse_words(char **words, bool stops)
{
	static struct outcome o;

	option_free(table, &o.wanted);
	o = (struct outcome){ .wanted.hz = 99, .parse.table = table };
	o.parse.stops_at_operand = stops;
	o.parse.into = &o.wanted;
	for (; words[o.argc]; o.argc++)
		o.argv[o.argc] = words[o.argc];
	o.rc = option_parse(&o.parse, &o.argc, o.argv, &o.err);
	return &o;
}

static void letters_take_their_value_joined_or_apart(void **state)
{
	assert_int_equal(PARSE("-F", "7")->wanted.hz, 7);
	assert_int_equal(PARSE("-F8")->wanted.hz, 8);
	assert_int_equal(PARSE("-aqF9")->wanted.hz, 9);
	assert_true(PARSE("-aqF9")->wanted.quiet);
}

static void names_take_their_value_joined_or_apart(void **state)
{
	assert_int_equal(PARSE("--frequency=7")->wanted.hz, 7);
	assert_int_equal(PARSE("--frequency", "8")->wanted.hz, 8);
	assert_int_equal(PARSE("--all")->wanted.hz, 99);
}

static void operands_may_stand_anywhere(void **state)
{
	struct outcome *o = PARSE("one", "-a", "-", "--quiet", "two", "--", "-F", "--");

	assert_int_equal(o->rc, 0);
	assert_int_equal(o->argc, 5);
	assert_string_equal(o->argv[0], "one");
	assert_string_equal(o->argv[1], "-");
	assert_string_equal(o->argv[2], "two");
	assert_string_equal(o->argv[3], "-F");
	assert_string_equal(o->argv[4], "--");
	assert_null(o->argv[5]);
	assert_true(o->wanted.all && o->wanted.quiet);
}

static void a_command_line_of_somebody_else_is_left_alone(void **state)
{
	struct outcome *o =
		parse_words((char *[]){ "-a", "ls", "-q", "--nonsense", "--", NULL }, true);

	assert_int_equal(o->rc, 0);
	assert_int_equal(o->argc, 4);
	assert_string_equal(o->argv[1], "-q");
	assert_string_equal(o->argv[3], "--");
	assert_false(o->wanted.quiet);
}

static void a_list_keeps_the_order(void **state)
{
	struct outcome *o = PARSE("-o", "b", "--output=a", "-oc");

	assert_int_equal(o->wanted.outputs.count, 3);
	assert_string_equal(o->wanted.outputs.at[0], "b");
	assert_string_equal(o->wanted.outputs.at[1], "a");
	assert_string_equal(o->wanted.outputs.at[2], "c");
}

static void help_wins_over_what_follows(void **state)
{
	assert_true(PARSE("-a", "--help", "--nonsense")->parse.help);
	assert_int_equal(PARSE("-h", "--nonsense")->rc, 0);
	assert_false(PARSE("-a")->parse.help);
}

static void an_unknown_name_suggests_the_nearest(void **state)
{
	struct outcome *o = PARSE("--frequncy=5");

	assert_int_equal(o->rc, ERR_USAGE);
	assert_string_equal(o->err.text, "unknown option --frequncy; did you mean --frequency?");
	assert_string_equal(PARSE("--database")->err.text, "unknown option --database");
	assert_string_equal(PARSE("-x")->err.text, "unknown option -x");
}

static void numbers_keep_to_their_range(void **state)
{
	static char *const bad[] = { "0", "10001", "", "-1", "1x", "99999999999999999999999" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(PARSE("-F", bad[i])->rc, ERR_USAGE);
	assert_string_equal(
		PARSE("-F0")->err.text, "--frequency takes a number from 1 to 10000, not '0'");
	assert_int_equal(PARSE("-F10000")->wanted.hz, 10000);
}

static void a_missing_value_is_named(void **state)
{
	assert_string_equal(
		PARSE("-a", "--frequency")->err.text, "--frequency needs a value: it takes HZ");
	assert_string_equal(PARSE("-aF")->err.text, "--frequency needs a value: it takes HZ");
	assert_string_equal(PARSE("--all=yes")->err.text, "--all takes no value");
}

static void a_choice_is_one_of_those_given(void **state)
{
	assert_string_equal(PARSE("--format=svg")->wanted.format, "svg");
	assert_string_equal(PARSE("--format=htm")->err.text,
		"--format has no choice 'htm'; did you mean html?");
	assert_string_equal(PARSE("--format=pdfx1")->err.text,
		"--format has no choice 'pdfx1'; it takes one of svg, html");
}

static uint64_t duration(const char *text)
{
	uint64_t ns = 12345;

	return option_duration(text, &ns) ? ns : UINT64_MAX;
}

static void durations_have_units(void **state)
{
	assert_int_equal(duration("10"), 10000000000);
	assert_int_equal(duration("10s"), 10000000000);
	assert_int_equal(duration("1m30s"), 90000000000);
	assert_int_equal(duration("250ms"), 250000000);
	assert_int_equal(duration("2h"), 7200000000000);
	assert_int_equal(duration("0"), 0);
}

static void what_is_no_duration_is_refused(void **state)
{
	static const char *const bad[] = { "", "s", "10x", "1m30", "-1s", " 1s", "1.5s",
		"99999999999h", "1s " };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(duration(bad[i]) == UINT64_MAX);
	assert_int_equal(PARSE("-d", "0")->rc, ERR_USAGE);
}

static void a_duration_reads_back_as_it_was_written(void **state)
{
	static const uint64_t all[] = { 0, 1, 1000, 250000000, 10000000000, 90000000000,
		7200000000000, UINT64_MAX };
	char text[OPTION_DURATION_MAX];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		option_duration_text(all[i], text);
		assert_true(duration(text) == all[i]);
	}
	option_duration_text(90000000000, text);
	assert_string_equal(text, "90s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_take_their_value_joined_or_apart),
		cmocka_unit_test(names_take_their_value_joined_or_apart),
		cmocka_unit_test(operands_may_stand_anywhere),
		cmocka_unit_test(a_command_line_of_somebody_else_is_left_alone),
		cmocka_unit_test(a_list_keeps_the_order),
		cmocka_unit_test(help_wins_over_what_follows),
		cmocka_unit_test(an_unknown_name_suggests_the_nearest),
		cmocka_unit_test(numbers_keep_to_their_range),
		cmocka_unit_test(a_missing_value_is_named),
		cmocka_unit_test(a_choice_is_one_of_those_given),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(what_is_no_duration_is_refused),
		cmocka_unit_test(a_duration_reads_back_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
