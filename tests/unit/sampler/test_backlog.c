/* test_backlog: what was moved out of the ring comes back in order, and the ring has room again. */
#include "testing.h"

#include <stdio.h>

#include "ring_model.h"
#include "sampler/backlog.h"

static void keeps_the_order_over_several_fillings(void **state)
{
	struct backlog backlog = { 0 };
	struct ring_model model;

	ring_model_open(&model);
	ring_model_put(&model, "one", 0);
	ring_model_put(&model, "and two", 0);
	backlog_fill(&backlog, &model.ring);
	assert_view_equal(backlog_next(&backlog), "one");
	ring_model_put(&model, "three", 0);
	backlog_fill(&backlog, &model.ring);
	assert_view_equal(backlog_next(&backlog), "and two");
	assert_view_equal(backlog_next(&backlog), "three");
	assert_null(backlog_next(&backlog).at);
	assert_int_equal(backlog.bytes, 0);
	backlog_fini(&backlog);
	ring_model_close(&model);
}

static void holds_more_than_the_ring(void **state)
{
	struct backlog backlog = { 0 };
	struct ring_model model;
	char text[32];

	ring_model_open(&model);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "record %d", i);
		ring_model_put(&model, text, 0);
		backlog_fill(&backlog, &model.ring);
		assert_int_equal(*model.ring.consumer, model.ring.until);
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "record %d", i);
		assert_view_equal(backlog_next(&backlog), text);
	}
	assert_null(backlog_next(&backlog).at);
	ring_model_close(&model);
}

static void leaves_the_rest_in_the_ring_when_it_is_full(void **state)
{
	struct backlog backlog = { .bytes = BACKLOG_BYTES_MAX };
	struct ring_model model;

	ring_model_open(&model);
	ring_model_put(&model, "one", 0);
	backlog_fill(&backlog, &model.ring);
	assert_null(backlog_next(&backlog).at);
	backlog.bytes = 0;
	backlog_fill(&backlog, &model.ring);
	assert_view_equal(backlog_next(&backlog), "one");
	backlog_fini(&backlog);
	ring_model_close(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_order_over_several_fillings),
		cmocka_unit_test(holds_more_than_the_ring),
		cmocka_unit_test(leaves_the_rest_in_the_ring_when_it_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
