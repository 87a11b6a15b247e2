/* test_readroom: what is read at once has a bound, and a large one gets its turn. */
#include "testing.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "ingest/readroom.h"

static const struct census nothing;

#define COST readroom_cost(1, &nothing)
#define ROOM (100 * COST)

static struct budget_pool answers; /* ROOM too: most of it may be lent */

struct reader {
	struct readroom_seat seat;
	size_t bytes;
	int rc;
	atomic_bool is_in;
	pthread_t thread;
};

static void *take(void *reader_)
{
	struct reader *reader = reader_;
	struct refusal refusal = { 0 };

	reader->rc = readroom_take(&reader->seat, reader->bytes, &nothing, &refusal);
	atomic_store(&reader->is_in, true);
	return NULL;
}

static void begin(struct reader *reader, struct readroom *room, size_t bytes)
{
	*reader = (struct reader){ .seat.room = room, .bytes = bytes };
	assert_int_equal(pthread_create(&reader->thread, NULL, take, reader), 0);
}

static void end(struct reader *reader)
{
	pthread_join(reader->thread, NULL);
	assert_int_equal(reader->rc, 0);
	readroom_leave(&reader->seat);
}

/* The large one comes second, the small one third, which would have room. */
static void who_comes_first_reads_first(void **state)
{
	struct readroom room;
	struct reader first, large, small;

	readroom_init(&room, ROOM, &answers);
	begin(&first, &room, 60);
	while (!atomic_load(&first.is_in))
		usleep(100);
	begin(&large, &room, 150);
	while (!room.has_first)
		usleep(100);
	begin(&small, &room, 10);
	usleep(20000);
	assert_false(atomic_load(&large.is_in));
	assert_false(atomic_load(&small.is_in));
	assert_int_equal(readroom_taken(&room), 60 * COST);
	end(&first);
	while (!atomic_load(&large.is_in))
		usleep(100);
	usleep(20000);
	assert_false(atomic_load(&small.is_in));
	end(&large);
	end(&small);
	assert_int_equal(readroom_taken(&room), 0);
	readroom_fini(&room);
}

static void more_than_there_ever_is_is_refused_at_once(void **state)
{
	struct readroom room;
	struct readroom_seat seat = { &room, 0, 0 };
	struct refusal refusal = { 0 };

	readroom_init(&room, ROOM, &answers);
	assert_int_equal(readroom_take(&seat, 201, &nothing, &refusal), ERR_USAGE);
	assert_int_equal(refusal.status, 413);
	assert_non_null(strstr(refusal.text, "memory"));
	assert_int_equal(readroom_take(&seat, 200, &nothing, &refusal), 0);
	assert_int_equal(readroom_take(&seat, 1, &nothing, &refusal), ERR_USAGE);
	readroom_leave(&seat);
	readroom_fini(&room);
}

/* A request of many profiles grows while it is read, and must not wait for whom waits for it. */
static void who_has_some_is_told_at_once(void **state)
{
	struct readroom room;
	struct readroom_seat one = { &room, 0, 0 }, other = { &room, 0, 0 }, none = { 0 };
	struct refusal refusal = { 0 };

	readroom_init(&room, ROOM, &answers);
	assert_int_equal(readroom_take(&one, 50, &nothing, &refusal), 0);
	assert_int_equal(readroom_take(&other, 20, &nothing, &refusal), 0);
	assert_int_equal(readroom_take(&one, 30, &nothing, &refusal), 0);
	assert_int_equal(readroom_take(&one, 1, &nothing, &refusal), ERR_USAGE);
	assert_int_equal(refusal.status, 503);
	assert_int_equal(refusal.retry_after_s, 1);
	assert_non_null(strstr(refusal.text, "setting memory"));
	readroom_leave(&other);
	assert_int_equal(readroom_take(&one, 100, &nothing, &refusal), 0);
	readroom_leave(&one);
	assert_int_equal(readroom_take(&none, SIZE_MAX / 100, &nothing, &refusal), 0);
	readroom_leave(&none);
	readroom_fini(&room);
}

static void stacks_are_what_takes_most(void **state)
{
	struct census stacks = { .frames = 1000 };

	assert_true(readroom_cost(1000, &stacks) > 20 * readroom_cost(1000, &nothing));
}

static void what_is_lent_is_not_for_answers(void **state)
{
	struct readroom room;
	struct readroom_seat seat = { &room, 0, 0 };
	struct refusal refusal = { 0 };

	readroom_init(&room, ROOM, &answers);
	assert_int_equal(readroom_take(&seat, 150, &nothing, &refusal), 0);
	assert_int_equal(answers.bytes, 50 * COST);
	assert_false(budget_lend(&answers, 51 * COST));
	assert_int_equal(readroom_take(&seat, 20, &nothing, &refusal), 0);
	assert_int_equal(answers.bytes, 70 * COST);
	readroom_leave(&seat);
	assert_int_equal(answers.bytes, 0);
	readroom_fini(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_first_reads_first),
		cmocka_unit_test(more_than_there_ever_is_is_refused_at_once),
		cmocka_unit_test(who_has_some_is_told_at_once),
		cmocka_unit_test(what_is_lent_is_not_for_answers),
		cmocka_unit_test(stacks_are_what_takes_most),
	};

	answers.bytes_max = ROOM;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
