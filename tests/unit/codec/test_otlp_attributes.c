/* test_otlp_attributes: equal entries are one, and ids become links. */
#include "sample_profile.h"

#include "codec/otlp_attributes.h"

static void equal_entries_are_one(void **state)
{
	PROFILE_AUTO p = sample_profile();
	struct otlp_attributes a;
	uint32_t key;

	otlp_attributes_init(&a, p);
	key = otlp_attributes_string(&a, VIEW("new"));
	assert_int_equal(key, p->strings.count);
	assert_int_equal(otlp_attributes_string(&a, VIEW("new")), key);
	assert_true(otlp_attributes_string(&a, VIEW("worker")) < p->strings.count);
	assert_int_equal(otlp_attributes_add(&a, &(struct otlp_attribute_entry){ .key = key }), 1);
	assert_int_equal(otlp_attributes_add(&a, &(struct otlp_attribute_entry){ .key = key }), 1);
	otlp_attributes_fini(&a);
}

static void only_hex_ids_are_links(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct label labels[2] = {
		{ .key = profile_string(p, VIEW("trace_id")),
			.str = profile_string(p, VIEW("4142434445464748494a4b4c4d4e4f50")) },
		{ .key = profile_string(p, VIEW("span_id")), .str = profile_string(p, VIEW("x")) }
	};
	uint32_t set = profile_labels(p, labels, 2);
	struct otlp_attributes a;

	otlp_attributes_init(&a, p);
	assert_int_equal(otlp_attributes_link(&a, &p->label_sets[set]), 1);
	assert_int_equal(otlp_attributes_link(&a, &p->label_sets[set]), 1);
	assert_int_equal(otlp_attributes_link(&a, &p->label_sets[0]), 0);
	otlp_attributes_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_entries_are_one),
		cmocka_unit_test(only_hex_ids_are_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
