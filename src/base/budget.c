/* budget: how long something may take and how much memory. */
#include "base/budget.h"

#include "base/clock.h"

#define MIB ((size_t)1 << 20)
#define PIECE MIB                        /* that is taken from the pool at once */
#define LOOK_EVERY_NS UINT64_C(20000000) /* whether anybody is still there */

void budget_fini(struct budget *budget)
{
	if (!budget || !budget->pool)
		return;
	atomic_fetch_sub(&budget->pool->bytes, budget->bytes_of_pool);
	budget->bytes = budget->bytes_of_pool = 0;
}

bool budget_lend(struct budget_pool *pool, size_t bytes)
{
	size_t before = atomic_fetch_add(&pool->bytes, bytes);

	if (!pool->bytes_max || before + bytes <= pool->bytes_max)
		return true;
	atomic_fetch_sub(&pool->bytes, bytes);
	return false;
}

void budget_claim(struct budget_pool *pool, size_t bytes)
{
	atomic_fetch_add(&pool->bytes, bytes);
}

bool budget_is_within(struct budget_pool *pool)
{
	return !pool->bytes_max || atomic_load(&pool->bytes) <= pool->bytes_max;
}

void budget_return(struct budget_pool *pool, size_t bytes)
{
	atomic_fetch_sub(&pool->bytes, bytes);
}

static int fail(struct budget *budget, struct err *err)
{
	return err_set(err, budget->failure.code, "%s", budget->failure.text);
}

static void meet_time(struct budget *budget)
{
	struct budget_pool *pool = budget->pool;

	err_set(&budget->failure, ERR_LATE,
		"this takes longer than %.3g s (%s): narrow the selection or the range",
		(double)pool->time_ns / 1e9, pool->time_setting);
	atomic_fetch_add(&pool->n_late, 1);
}

int budget_check(struct budget *budget, struct err *err)
{
	uint64_t now_ns;

	if (!budget || !budget->pool)
		return 0;
	now_ns = clock_monotonic_ns();
	if (budget->failure.code)
		return fail(budget, err);
	if (budget->pool->time_ns && now_ns - budget->begin_ns > budget->pool->time_ns)
		meet_time(budget);
	else if (budget->end_ns && now_ns > budget->end_ns)
		err_set(&budget->failure, ERR_LATE,
			"the answer takes longer than it is waited for");
	if (budget->is_unwanted && now_ns - budget->looked_ns > LOOK_EVERY_NS) {
		budget->looked_ns = now_ns;
		if (!budget->failure.code && budget->is_unwanted(budget->owner)) {
			err_set(&budget->failure, ERR_CANCELLED, "nobody waits for the answer");
			atomic_fetch_add(&budget->pool->n_left, 1);
		}
	}
	return budget->failure.code ? fail(budget, err) : 0;
}

static bool take_of_pool(struct budget *budget, size_t bytes)
{
	struct budget_pool *pool = budget->pool;
	size_t piece = (bytes + PIECE - 1) / PIECE * PIECE;

	if (budget_lend(pool, piece)) {
		budget->bytes_of_pool += piece;
		return true;
	}
	err_set(&budget->failure, ERR_NOMEM,
		"all answers that are being made would take more than %zu MiB together (%s): try "
		"again, or narrow the selection",
		pool->bytes_max / MIB, pool->bytes_setting);
	atomic_fetch_add(&pool->n_large, 1);
	return false;
}

bool budget_take(struct budget *budget, size_t bytes)
{
	struct budget_pool *pool = budget ? budget->pool : NULL;

	if (!pool)
		return true;
	if (budget->failure.code)
		return false;
	if (pool->bytes_of_one_max && (bytes > pool->bytes_of_one_max ||
					      budget->bytes > pool->bytes_of_one_max - bytes)) {
		err_set(&budget->failure, ERR_LIMIT,
			"the answer would take more than %zu MiB of memory (%s): narrow the "
			"selection or the range",
			pool->bytes_of_one_max / MIB, pool->bytes_of_one_setting);
		atomic_fetch_add(&pool->n_large, 1);
		return false;
	}
	if (budget->bytes + bytes > budget->bytes_of_pool &&
		!take_of_pool(budget, budget->bytes + bytes - budget->bytes_of_pool))
		return false;
	budget->bytes += bytes;
	return true;
}

void budget_give(struct budget *budget, size_t bytes)
{
	if (budget && budget->pool)
		budget->bytes -= bytes < budget->bytes ? bytes : budget->bytes;
}

int budget_error(const struct budget *budget, struct err *err)
{
	if (budget && budget->failure.code)
		return err_set(err, budget->failure.code, "%s", budget->failure.text);
	return err_set(err, ERR_NOMEM, "out of memory");
}
