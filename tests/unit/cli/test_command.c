/* test_command: the table is whole, and what is typed reaches the command. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"

struct seen_options {
	uint64_t size;
};

static unsigned runs, operands_seen;
static uint64_t size_seen;

static int look(const struct command_line *line)
{
	runs++;
	operands_seen = line->n_operands;
	size_seen = ((const struct seen_options *)line->options)->size;
	return STATUS_NO;
}

static const struct option options[] = {
	{ 's', "size", OPTION_NUMBER(struct seen_options, size), .argument = "N",
		.help = "how many" },
	{ 0 },
};
static const struct seen_options defaults = { 7 };
static const struct command_word words[] = { { "top", "a list" }, { "tree", "a tree" }, { 0 } };

static struct command sample = {
	.name = "sample",
	.operands = "FILE…",
	.summary = "look",
	.operands_min = 1,
	.operands_max = 2,
	.options = options,
	.options_size = sizeof(struct seen_options),
	.defaults = &defaults,
	.run = look,
};

#define RUN(command, ...)                                                          \
	command_run((command), sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *), \
		(char *[]){ __VA_ARGS__, NULL })

static void every_command_can_be_found_and_explains_itself(void **state)
{
	for (const struct command *const *c = command_all; *c; c++) {
		assert_ptr_equal(command_find((*c)->name), *c);
		assert_non_null((*c)->summary);
		assert_non_null((*c)->run);
		assert_true((*c)->operands_max == 0 || (*c)->operands);
		for (const struct option *o = (*c)->options; o && o->name; o++) {
			assert_non_null(o->help);
			assert_true(o->kind == OPTION_IS_FLAG || o->argument);
			assert_true(o->offset < (*c)->options_size);
			assert_int_not_equal(o->letter, 'h');
			for (const struct option *p = o + 1; p->name; p++) {
				assert_string_not_equal(o->name, p->name);
				assert_true(!o->letter || o->letter != p->letter);
			}
		}
	}
	assert_null(command_find("nonsense"));
}

static void a_slip_finds_the_command(void **state)
{
	assert_ptr_equal(command_nearest("hlep"), &cmd_help);
	assert_null(command_nearest("database"));
}

static void the_command_sees_defaults_options_and_operands(void **state)
{
	assert_int_equal(RUN(&sample, "a"), STATUS_NO);
	assert_int_equal(size_seen, 7);
	assert_int_equal(RUN(&sample, "a", "-s3", "b"), STATUS_NO);
	assert_int_equal(size_seen, 3);
	assert_int_equal(operands_seen, 2);
}

static void wrong_use_never_reaches_the_command(void **state)
{
	unsigned before = runs;

	assert_int_equal(RUN(&sample, "-s1"), STATUS_WRONG);
	assert_int_equal(RUN(&sample, "a", "b", "c"), STATUS_WRONG);
	assert_int_equal(RUN(&sample, "a", "--nonsense"), STATUS_WRONG);
	assert_int_equal(RUN(&sample, "--help"), STATUS_DONE);
	assert_int_equal(runs, before);
}

static void only_listed_words_may_come_first(void **state)
{
	struct command choosy = sample;
	unsigned before = runs;

	choosy.first_words = words;
	choosy.first_words_title = "Views";
	assert_int_equal(RUN(&choosy, "tee", "b"), STATUS_WRONG);
	assert_int_equal(runs, before);
	assert_int_equal(RUN(&choosy, "tree", "b"), STATUS_NO);
	assert_int_equal(runs, before + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_can_be_found_and_explains_itself),
		cmocka_unit_test(a_slip_finds_the_command),
		cmocka_unit_test(the_command_sees_defaults_options_and_operands),
		cmocka_unit_test(wrong_use_never_reaches_the_command),
		cmocka_unit_test(only_listed_words_may_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
