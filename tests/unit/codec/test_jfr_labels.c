/* test_jfr_labels: contexts and what they are called. */
#include "testing.h"

#include "codec/jfr_labels.h"
#include "codec/jfr_named.h"

static void a_context_has_its_pairs(void **state)
{
	struct jfr_labels_cursor cursor = { 0 };
	struct jfr_labels labels;
	struct view key, value;
	BUF_AUTO message = { 0 };

	jfr_named(&message);
	assert_int_equal(jfr_labels_read(buf_view(&message), &labels, NULL), 0);
	assert_true(jfr_labels_next(&labels, 9, &cursor, &key, &value));
	assert_view_equal(key, "tier");
	assert_view_equal(value, "gold");
	assert_true(jfr_labels_next(&labels, 9, &cursor, &key, &value));
	assert_view_equal(key, "profile_id");
	assert_false(jfr_labels_next(&labels, 9, &cursor, &key, &value));
	cursor = (struct jfr_labels_cursor){ 0 };
	assert_false(jfr_labels_next(&labels, 8, &cursor, &key, &value));
	jfr_labels_fini(&labels);
}

static void what_is_damaged_is_refused(void **state)
{
	struct jfr_labels labels;
	struct err err = { 0 };

	assert_int_equal(jfr_labels_read(VIEW("\x0a\x7f"), &labels, &err), ERR_CORRUPT);
	jfr_labels_fini(&labels);
	assert_int_equal(jfr_labels_read(VIEW("\x0a\x02\x08\xff"), &labels, &err), ERR_CORRUPT);
	jfr_labels_fini(&labels);
	assert_int_equal(jfr_labels_read(VIEW(""), &labels, &err), 0);
	jfr_labels_fini(&labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_context_has_its_pairs),
		cmocka_unit_test(what_is_damaged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
