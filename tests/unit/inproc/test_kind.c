/* test_kind: each kind is a capture or a snapshot, whole. */
#include <string.h>

#include "inproc/kind.h"
#include "profiled.h"

static void each_kind_is_whole(void **state)
{
	for (size_t i = 0; kind_all[i]; i++) {
		const struct kind *kind = kind_all[i];

		assert_true(*kind->name && strlen(kind->name) < 32 && *kind->about);
		assert_ptr_equal(kind_find(view_of(kind->name)), kind);
		if (kind->snapshot) {
			assert_true(!kind->start && !kind->stop && !kind->cancel && !kind->running);
			assert_int_not_equal(kind->text, KIND_TEXT_NONE);
		} else {
			assert_true(kind->start && kind->stop && kind->cancel && kind->running);
			assert_non_null(kind->busy);
		}
	}
	assert_null(kind_find(VIEW("nosuch")));
	assert_null(kind_find(VIEW("")));
}

static void a_profile_is_zipped(void **state)
{
	PROFILE_AUTO p = profile_new();
	PROFILE_AUTO back = NULL;
	BUF_AUTO bytes = { 0 };

	profile_add_type(p, VIEW("space"), VIEW("bytes"), NULL);
	profile_add(
		p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f"))), 0, (int64_t[]){ 7 });
	assert_int_equal(kind_zip(p, &bytes, NULL), 0);
	assert_int_equal((uint8_t)bytes.at[0], 0x1f);
	back = profiled_decode(buf_view(&bytes));
	assert_int_equal(profiled_total(back, "f"), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_whole),
		cmocka_unit_test(a_profile_is_zipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
