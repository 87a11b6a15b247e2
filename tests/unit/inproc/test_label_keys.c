/* test_label_keys: names become numbers, once. */
#include <stdio.h>

#include "inproc/label_keys.h"
#include "testing.h"

static void a_name_has_one_number(void **state)
{
	bool is_new;
	int a = label_keys_add("route", &is_new, NULL), b;
	struct view name;

	assert_true(a >= 0 && is_new);
	b = label_keys_add("user", NULL, NULL);
	assert_int_equal(b, a + 1);
	assert_int_equal(label_keys_add("route", &is_new, NULL), a);
	assert_false(is_new);
	assert_true(label_keys_name((unsigned)b, &name));
	assert_view_equal(name, "user");
	assert_false(label_keys_name((unsigned)b + 1, &name));
}

static void names_that_are_ours_or_none_are_refused(void **state)
{
	char long_name[LABEL_KEYS_NAME_MAX + 2];
	struct err err;

	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(label_keys_add("", NULL, NULL), ERR_USAGE);
	assert_int_equal(label_keys_add(long_name, NULL, NULL), ERR_USAGE);
	assert_int_equal(label_keys_add("trace_id", NULL, &err), ERR_USAGE);
	assert_string_equal(err.text, "the label trace_id is set with the trace");
}

static void the_number_of_names_has_a_limit(void **state)
{
	char name[16];
	int rc = 0;

	for (int i = 0; rc >= 0 && i <= LABEL_KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "key%d", i);
		rc = label_keys_add(name, NULL, NULL);
	}
	assert_int_equal(rc, ERR_LIMIT);
	assert_int_equal(label_keys_count(), LABEL_KEYS_MAX);
}

static void process_labels_are_read_from_a_list(void **state)
{
	struct view key, value;
	struct err err;

	assert_int_equal(label_keys_set_process(" a=1, b = x=y ,,", NULL), 0);
	assert_true(label_keys_process(1, &key, &value));
	assert_view_equal(key, "b");
	assert_view_equal(value, "x=y");
	assert_false(label_keys_process(2, &key, &value));
	assert_int_equal(label_keys_set_process("a=1,oops", &err), ERR_USAGE);
	assert_string_equal(err.text, "'oops' is no label: it should read key=value");
	assert_false(label_keys_process(0, &key, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_one_number),
		cmocka_unit_test(names_that_are_ours_or_none_are_refused),
		cmocka_unit_test(process_labels_are_read_from_a_list),
		cmocka_unit_test(the_number_of_names_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
