/* test_queue: nothing is lost or doubled between threads. */
#include "testing.h"

#include "base/queue.h"

#define PRODUCERS 4
#define ITEMS 5000

static struct queue queue;

static void *produce(void *unused)
{
	for (uintptr_t i = 1; i <= ITEMS; i++)
		queue_put(&queue, (void *)i);
	return NULL;
}

static void *consume(void *ret_sum)
{
	for (void *item; (item = queue_take(&queue));)
		*(uintptr_t *)ret_sum += (uintptr_t)item;
	return NULL;
}

static void every_item_arrives_once(void **state)
{
	pthread_t producers[PRODUCERS], consumers[2];
	uintptr_t sums[2] = { 0 };

	assert_int_equal(queue_init(&queue, 7), 0);
	for (int i = 0; i < 2; i++)
		pthread_create(&consumers[i], NULL, consume, &sums[i]);
	for (int i = 0; i < PRODUCERS; i++)
		pthread_create(&producers[i], NULL, produce, NULL);
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i], NULL);
	queue_close(&queue);
	for (int i = 0; i < 2; i++)
		pthread_join(consumers[i], NULL);
	assert_int_equal(sums[0] + sums[1], (uintptr_t)PRODUCERS * ITEMS * (ITEMS + 1) / 2);
	queue_fini(&queue);
}

static void a_full_queue_refuses_and_a_closed_one_drains(void **state)
{
	int item;

	assert_int_equal(queue_init(&queue, 1), 0);
	assert_true(queue_put_now(&queue, &item));
	assert_false(queue_put_now(&queue, &item));
	queue_close(&queue);
	assert_false(queue_put(&queue, &item));
	assert_ptr_equal(queue_take(&queue), &item);
	assert_null(queue_take(&queue));
	queue_fini(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_arrives_once),
		cmocka_unit_test(a_full_queue_refuses_and_a_closed_one_drains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
