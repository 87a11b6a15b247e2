/* test_profile_labels: equal sets are one set, whatever order their labels come in. */
#include "testing.h"

#include "model/profile.h"

static void labels_in_any_order_are_one_set(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t a = profile_string(p, VIEW("a")), b = profile_string(p, VIEW("b"));
	struct label ab[] = { { .key = a, .str = b }, { .key = b, .num = 7 } };
	struct label ba[] = { { .key = b, .num = 7 }, { .key = a, .str = b } };

	assert_int_equal(profile_labels(p, ab, 2), profile_labels(p, ba, 2));
	assert_int_not_equal(profile_labels(p, ab, 1), profile_labels(p, ba, 2));
	assert_int_equal(profile_labels(p, ab, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_in_any_order_are_one_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
