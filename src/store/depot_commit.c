/* depot_commit: what has gathered is written at once, synced, and then answered. */
#include <stdlib.h>

#include "store/depot.h"

/* Cuts up to a batch off the queue; NULL when there is nothing and the store closes. */
static struct depot_job *take(struct depot *depot)
{
	struct depot_job *first, **end;
	size_t n = 0;

	pthread_mutex_lock(&depot->gate);
	depot->is_writing = false;
	while (!depot->first && !depot->is_stopping)
		pthread_cond_wait(&depot->queued, &depot->gate);
	depot->is_writing = depot->first;
	first = depot->first;
	end = &depot->first;
	while (*end && n < DEPOT_BATCH_MAX) {
		n += (*end)->n;
		depot->bytes_queued -= (*end)->bytes;
		end = &(*end)->next;
	}
	if (first) {
		depot->first = *end;
		*end = NULL;
	}
	if (!depot->first)
		depot->last = &depot->first;
	pthread_mutex_unlock(&depot->gate);
	return first;
}

static int put_job(
	struct depot *depot, struct depot_job *job, rocksdb_writebatch_t *batch, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < job->n; i++) {
		struct depot_row *row = &job->rows[i];
		struct rocks_key key =
			rocks_key_row(row->row.series, row->row.begin_ns, row->row.short_id);

		if (row->is_again)
			continue;
		rocks_put(&depot->rocks, batch, ROCKS_ROWS, rocks_key_view(&key),
			buf_view(&row->bytes));
		rc = lexica_save(&depot->lexica, &depot->rocks, row->lexicon, batch, err);
	}
	return rc;
}

static int check_room(struct depot *depot, struct err *err)
{
	uint64_t free_bytes = rocks_bytes_free(&depot->rocks);

	if (free_bytes >= depot->options.bytes_free)
		return 0;
	return err_set(err, ERR_LIMIT,
		"the disk of the store %s has %llu MB left, and %llu MB are kept free: make room "
		"there, or keep less",
		depot->rocks.path, (unsigned long long)free_bytes >> 20,
		(unsigned long long)depot->options.bytes_free >> 20);
}

/* 0, or why nothing was written; *ret_tried: the database itself failed. */
static int write_jobs(struct depot *depot, struct depot_job *jobs, bool *ret_tried, struct err *err)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	int rc = check_room(depot, err);

	for (struct depot_job *job = jobs; rc == 0 && job; job = job->next)
		rc = put_job(depot, job, batch, err);
	if (rc == 0) {
		catalog_save(&depot->catalog, &depot->rocks, batch);
		*ret_tried = true;
		rc = rocks_write(&depot->rocks, batch, true, err);
	} else {
		rocksdb_writebatch_destroy(batch);
	}
	lexica_saved(&depot->lexica, rc == 0);
	if (*ret_tried)
		catalog_saved(&depot->catalog, rc == 0);
	return rc;
}

static void answer(struct depot *depot, struct depot_job *jobs, int code, const struct err *err)
{
	while (jobs) {
		struct depot_job *next = jobs->next;

		for (size_t i = 0; code == 0 && i < jobs->n; i++) {
			depot->n_profiles += !jobs->rows[i].is_again;
			depot->n_samples += jobs->rows[i].is_again ? 0 : jobs->rows[i].n_samples;
		}
		if (jobs->receipt.done)
			jobs->receipt.done(jobs->receipt.owner, code, code ? err : NULL);
		depot_free_job(jobs);
		jobs = next;
	}
}

/* Nothing that waits can be answered well any more: what repeats a profile of the failed batch
 * would be said to be kept. */
static struct depot_job *give_up(
	struct depot *depot, struct depot_job *jobs, bool is_broken, const struct err *err)
{
	struct depot_job **end = &jobs;

	pthread_mutex_lock(&depot->gate);
	while (*end)
		end = &(*end)->next;
	*end = depot->first;
	depot->first = NULL;
	depot->last = &depot->first;
	depot->bytes_queued = 0;
	if (is_broken)
		depot->broken = *err;
	for (struct depot_job *job = jobs; job; job = job->next)
		for (size_t i = 0; i < job->n; i++)
			if (!job->rows[i].is_again)
				heads_remove(&depot->heads, &job->rows[i].row);
	pthread_mutex_unlock(&depot->gate);
	return jobs;
}

void *depot_commit(void *depot_)
{
	struct depot *depot = depot_;
	struct depot_job *jobs;

	while ((jobs = take(depot))) {
		struct err err = { 0 };
		bool tried = false;
		int rc;

		pthread_rwlock_rdlock(&depot->open);
		rc = depot->rocks.db ? write_jobs(depot, jobs, &tried, &err)
				     : err_set(&err, ERR_IO, "the store's database is closed");
		pthread_rwlock_unlock(&depot->open);
		if (rc < 0)
			jobs = give_up(depot, jobs, tried, &err);
		answer(depot, jobs, rc, &err);
	}
	return NULL;
}
