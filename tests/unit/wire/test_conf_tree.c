/* test_conf_tree: YAML as nodes; what a configuration needs no YAML for is refused. */
#include "testing.h"

#include "wire/conf_tree.h"

static void refuses(struct view text, int code, const char *part)
{
	ARENA_AUTO arena = { 0 };
	struct conf_node *root;
	struct err err = { 0 };
	int got;

	arena_init(&arena, 0);
	got = conf_tree(&(struct conf_source){ "x.yml", text }, &arena, &root, &err);
	if (got != code || !strstr(err.text, part))
		fail_msg("%d \"%s\" instead of %d \"%s\"", got, err.text, code, part);
}

static void lines_are_those_of_the_keys(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct conf_node *root;

	arena_init(&arena, 0);
	assert_int_equal(conf_tree(&(struct conf_source){ "x.yml",
					   VIEW("# one\na: 1\nb:\n  - x\n  - \"true\"\n") },
				 &arena, &root, NULL),
		0);
	assert_int_equal(root->kind, CONF_NODE_MAP);
	assert_int_equal(root->n, 2);
	assert_int_equal(root->first->line, 2);
	assert_int_equal(root->last->line, 3);
	assert_int_equal(root->last->n, 2);
	assert_false(root->last->first->quoted);
	assert_true(root->last->last->quoted);
	assert_int_equal(root->last->last->line, 5);
}

static void nothing_is_no_node(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct conf_node *root;

	arena_init(&arena, 0);
	assert_int_equal(
		conf_tree(&(struct conf_source){ "x.yml", VIEW("") }, &arena, &root, NULL), 0);
	assert_null(root);
}

static void what_is_no_configuration_is_refused(void **state)
{
	BUF_AUTO deep = { 0 }, long_list = { 0 };

	for (unsigned i = 0; i <= CONF_DEPTH_MAX; i++)
		buf_add_char(&deep, '[');
	for (unsigned i = 0; i <= CONF_NODES_MAX; i++)
		buf_add_text(&long_list, "- a\n");
	refuses(buf_view(&deep), ERR_LIMIT, "x.yml:1: nested deeper");
	refuses(buf_view(&long_list), ERR_LIMIT, "more values");
	refuses(VIEW("a: &x 1\nb: *x\n"), ERR_CORRUPT, "x.yml:2: aliases");
	refuses(VIEW("a: 1\n---\nb: 2\n"), ERR_CORRUPT, "x.yml:2: a second document");
	refuses(VIEW("a: 1\n b: 2\n"), ERR_CORRUPT, "x.yml:2: ");
	refuses(VIEW("? [a]\n: 1\n"), ERR_CORRUPT, "x.yml:1: a key has to be a plain word");
	refuses(VIEW("a: \"x\\0y\"\n"), ERR_CORRUPT, "x.yml:1: a text with a NUL byte");
	refuses(VIEW("a: \xff\n"), ERR_CORRUPT, "x.yml:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_those_of_the_keys),
		cmocka_unit_test(nothing_is_no_node),
		cmocka_unit_test(what_is_no_configuration_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
