/* test_conf: what the table knows is read, and everything else is an error with its line. */
#include "testing.h"

#include "conf_sample.h"

static void every_kind_is_read(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct sample_conf conf = { .count = 3 };
	struct err err = { 0 };
	const struct sample_target *targets;

	arena_init(&arena, 0);
	assert_int_equal(conf_read(&(struct conf_source){ "x.yml", VIEW(SAMPLE_TEXT) }, &SAMPLE,
				 &conf, &arena, &err),
		0);
	assert_string_equal(conf.text, "a: b");
	assert_string_equal(conf.secret, "hunter2");
	assert_true(conf.flag);
	assert_int_equal(conf.count, 12);
	assert_int_equal(conf.size, 64 << 20);
	assert_int_equal(conf.wait, 5400000000000);
	assert_int_equal(conf.texts.n, 2);
	assert_string_equal(conf.texts.at[1], "t\tw\"o");
	assert_int_equal(conf.inner.depth, 7);
	assert_int_equal(conf.targets.n, 2);
	targets = conf.targets.at;
	assert_int_equal(targets[0].line, 11);
	assert_int_equal(targets[0].scheme, 1);
	assert_int_equal(targets[0].every, 15000000000);
	assert_string_equal(targets[0].labels.at[0].name, "region");
	assert_string_equal(targets[0].labels.at[1].value, "1");
	assert_int_equal(targets[1].every, 250000000);
	assert_int_equal(targets[1].labels.n, 0);
}

static void what_is_not_given_keeps_its_default(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct sample_conf conf = { .count = 3, .text = "as before" };

	arena_init(&arena, 0);
	assert_int_equal(conf_read(&(struct conf_source){ "x.yml", VIEW("# nothing\n") }, &SAMPLE,
				 &conf, &arena, NULL),
		0);
	assert_int_equal(conf_read(&(struct conf_source){ "x.yml", VIEW("targets:\ninner:\n") },
				 &SAMPLE, &conf, &arena, NULL),
		0);
	assert_int_equal(conf.count, 3);
	assert_string_equal(conf.text, "as before");
	assert_int_equal(conf.targets.n, 0);
}

static void refuses(const char *text, const char *sentence)
{
	ARENA_AUTO arena = { 0 };
	struct sample_conf conf = { 0 };
	struct err err = { 0 };
	int code;

	arena_init(&arena, 0);
	code = conf_read(
		&(struct conf_source){ "x.yml", view_of(text) }, &SAMPLE, &conf, &arena, &err);
	if (code != ERR_CORRUPT || strcmp(err.text, sentence) != 0)
		fail_msg("%s\n  %d \"%s\"\n  instead of \"%s\"", text, code, err.text, sentence);
}

static void a_mistake_is_named_with_its_line(void **state)
{
	refuses("count: 1\ncuont: 2\n",
		"x.yml:2: there is no 'cuont' here; there are: text, secret, flag, count, size, "
		"wait, texts, inner, targets");
	refuses("inner:\n  depth: 1\n  width: 2\n",
		"x.yml:3: there is no 'width' here; there are: depth");
	refuses("count: 1\ncount: 2\n", "x.yml:2: 'count' stands in line 1 already");
	refuses("count: -1\n", "x.yml:1: count is a whole number, not '-1'");
	refuses("flag: yes\n", "x.yml:1: flag is true or false, not 'yes'");
	refuses("size: 2GB\n", "x.yml:1: size is 1 to 1GB, not 2GB");
	refuses("wait: 5\n", "x.yml:1: wait is a time like 30s or 1h30m, not '5'");
	refuses("inner: {depth: 101}\n", "x.yml:1: depth is 0 to 100, not 101");
	refuses("targets:\n- scheme: http\n", "x.yml:2: 'name' has to be given here");
	refuses("targets:\n- name: a\n  scheme: ftp\n",
		"x.yml:3: scheme is one of http, https, not 'ftp'");
	refuses("targets:\n- name: a\n  every: 0\n", "x.yml:3: every is 1ms to 1h, not 0");
	refuses("texts: one\n", "x.yml:1: texts takes a list, not one value");
	refuses("texts: [[a]]\n", "x.yml:1: the item takes one value, not a list");
	refuses("count: [1]\n", "x.yml:1: count takes one value, not a list");
	refuses("targets: {a: b}\n", "x.yml:1: targets takes a list, not keys with values");
	refuses("- a\n", "x.yml:1: the item takes keys with values, not a list");
}

static void a_file_may_be_a_list(void **state)
{
	struct conf_source source = { "t.json",
		VIEW("[\n {\"name\": \"a\", \"labels\": {\"x\": \"y\"}},\n {\"name\": \"b\"}]") };
	ARENA_AUTO arena = { 0 };
	struct conf_list list;
	struct err err = { 0 };

	arena_init(&arena, 0);
	assert_int_equal(conf_read_list(&source, &SAMPLE_TARGET, &list, &arena, &err), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(((struct sample_target *)list.at)[1].name, "b");
	source.text = VIEW("");
	assert_int_equal(conf_read_list(&source, &SAMPLE_TARGET, &list, &arena, &err), 0);
	assert_int_equal(list.n, 0);
	source.text = VIEW("name: a");
	assert_int_equal(conf_read_list(&source, &SAMPLE_TARGET, &list, &arena, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "t.json:1: the item takes a list, not keys with values");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_read),
		cmocka_unit_test(what_is_not_given_keeps_its_default),
		cmocka_unit_test(a_file_may_be_a_list),
		cmocka_unit_test(a_mistake_is_named_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
