/* test_push_queue: the order of what waits, and its limit. */
#include "inproc/push_queue.h"

#include "inproc/push_item.h"
#include "testing.h"

static struct push_item *item_of(uint64_t number)
{
	struct push_item *item = push_item_new();

	item->from_ns = number;
	return item;
}

static uint64_t take(struct push_queue *queue)
{
	struct push_item *item = push_queue_take(queue);
	uint64_t number = item ? item->from_ns : 0;

	push_item_free(item);
	return number;
}

static void the_oldest_comes_first(void **state)
{
	struct push_queue queue = { .bytes_max = UINT64_MAX };

	for (uint64_t i = 1; i <= 3; i++)
		push_queue_add(&queue, item_of(i));
	assert_int_equal(take(&queue), 1);
	push_queue_put_back(&queue, item_of(1));
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(take(&queue), i);
	assert_int_equal(take(&queue), 0);
	push_queue_put_back(&queue, item_of(7));
	push_queue_add(&queue, item_of(8));
	assert_int_equal(take(&queue), 7);
	assert_int_equal(take(&queue), 8);
	assert_int_equal(queue.n + queue.bytes + queue.dropped, 0);
}

static void what_is_too_much_drops_the_oldest(void **state)
{
	struct push_queue queue = { .bytes_max = 3 * sizeof(struct push_item) };

	for (uint64_t i = 1; i <= 5; i++)
		push_queue_add(&queue, item_of(i));
	assert_int_equal(queue.n, 3);
	assert_int_equal(queue.dropped, 2);
	push_queue_put_back(&queue, item_of(2)); /* the oldest again: no room */
	assert_int_equal(queue.dropped, 3);
	for (uint64_t i = 3; i <= 5; i++)
		assert_int_equal(take(&queue), i);
	queue.bytes_max = 1;
	push_queue_add(&queue, item_of(1));
	assert_int_equal(queue.n, 0);
	assert_null(queue.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_comes_first),
		cmocka_unit_test(what_is_too_much_drops_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
