/* test_stackbounds: the stack of this thread and of others. */
#include <pthread.h>

#include "inproc/stackbounds.h"
#include "testing.h"

static void *look_at_own(void *ret)
{
	struct stackbounds *bounds = ret;
	uint64_t here = (uint64_t)__builtin_frame_address(0);

	if (!stackbounds_of_self(bounds) || here < bounds->low || here >= bounds->high)
		*bounds = (struct stackbounds){ 0 };
	return NULL;
}

static void a_thread_knows_its_own(void **state)
{
	struct stackbounds bounds;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, look_at_own, &bounds), 0);
	pthread_join(thread, NULL);
	assert_true(bounds.high > bounds.low);
}

#define MAPS                                                 \
	"10000000-10100000 rw-p 00000000 00:00 0 \n"         \
	"7f0000000000-7f0000800000 rw-p 00000000 00:00 0 \n" \
	"7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0          [stack]\n"

static void others_are_found_by_stack_pointer_and_block(void **state)
{
	struct stackbounds b;

	assert_true(stackbounds_find(VIEW(MAPS), 0x7f00007f0000, 0x7f00007ff6c0, &b));
	assert_int_equal(b.low, 0x7f0000000000);
	assert_int_equal(b.high, 0x7f00007ff6c0); /* not beyond the block: that is not a stack */
	assert_true(stackbounds_find(VIEW(MAPS), 0x7ffc00010000, 0x10000040, &b));
	assert_int_equal(b.high, 0x7ffc00021000);
}

static void a_fiber_has_none(void **state)
{
	struct stackbounds b;

	assert_false(stackbounds_find(VIEW(MAPS), 0x10080000, 0x7f00007ff6c0, &b));
	assert_false(stackbounds_find(VIEW(MAPS), 0x4000, 0x7f00007ff6c0, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_knows_its_own),
		cmocka_unit_test(others_are_found_by_stack_pointer_and_block),
		cmocka_unit_test(a_fiber_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
