/* test_bpf_ring: records come up to the position noted, and no further. */
#include "testing.h"

#include "ring_model.h"

static void stops_where_the_ring_ended_when_it_was_asked(void **state)
{
	struct ring_model model;

	ring_model_open(&model);
	ring_model_put(&model, "one", 0);
	ring_model_put(&model, "three", 0);
	assert_int_equal(bpf_ring_begin(&model.ring), 16 + 16);
	ring_model_put(&model, "later", 0);
	assert_view_equal(bpf_ring_next(&model.ring), "one");
	assert_view_equal(bpf_ring_next(&model.ring), "three");
	assert_null(bpf_ring_next(&model.ring).at);
	bpf_ring_begin(&model.ring);
	assert_view_equal(bpf_ring_next(&model.ring), "later");
	assert_null(bpf_ring_next(&model.ring).at);
	ring_model_close(&model);
}

static void skips_the_discarded_and_waits_for_the_busy(void **state)
{
	struct ring_model model;

	ring_model_open(&model);
	ring_model_put(&model, "discarded", RING_DISCARDED);
	ring_model_put(&model, "good", 0);
	ring_model_put(&model, "busy", RING_BUSY);
	ring_model_put(&model, "behind", 0);
	bpf_ring_begin(&model.ring);
	assert_view_equal(bpf_ring_next(&model.ring), "good");
	assert_null(bpf_ring_next(&model.ring).at);
	bpf_ring_begin(&model.ring);
	assert_null(bpf_ring_next(&model.ring).at);
	ring_model_close(&model);
}

static void gives_room_back_only_after_a_record_was_used(void **state)
{
	struct ring_model model;

	ring_model_open(&model);
	ring_model_put(&model, "one", 0);
	bpf_ring_begin(&model.ring);
	bpf_ring_next(&model.ring);
	assert_int_equal(*model.ring.consumer, 0);
	assert_null(bpf_ring_next(&model.ring).at);
	assert_int_equal(*model.ring.consumer, 16);
	ring_model_close(&model);
}

static void follows_the_ring_around_its_end(void **state)
{
	struct ring_model model;
	char text[301];

	ring_model_open(&model);
	for (int i = 0; i < 100; i++) {
		memset(text, 'a' + i % 26, 300);
		text[300] = '\0';
		ring_model_put(&model, text, 0);
		bpf_ring_begin(&model.ring);
		assert_view_equal(bpf_ring_next(&model.ring), text);
		assert_null(bpf_ring_next(&model.ring).at);
	}
	ring_model_close(&model);
}

static void says_when_a_descriptor_is_no_ring(void **state)
{
	struct bpf_ring ring;
	struct err err = { 0 };

	assert_true(bpf_ring_open(&ring, -1, RING_BYTES, &err) < 0);
	assert_non_null(strstr(err.text, "ring of samples"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stops_where_the_ring_ended_when_it_was_asked),
		cmocka_unit_test(skips_the_discarded_and_waits_for_the_busy),
		cmocka_unit_test(gives_room_back_only_after_a_record_was_used),
		cmocka_unit_test(follows_the_ring_around_its_end),
		cmocka_unit_test(says_when_a_descriptor_is_no_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
