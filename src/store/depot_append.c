/* depot_append: profiles on their way into the store: encoded by who brings them, then queued. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/depot.h"

#define QUEUE_SHARE 16 /* of the memory, for what waits */
#define LEVEL 1        /* zstd's, of rows: they are written once more soon */

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

void depot_free_job(struct depot_job *job)
{
	for (size_t i = 0; i < job->n; i++) {
		dictionary_unref(job->rows[i].dictionary);
		buf_fini(&job->rows[i].bytes);
	}
	free(job);
}

static int too_old(struct err *err)
{
	return err_set(err, ERR_USAGE, "the profile is from before the oldest day that is kept");
}

/* ---- encoding ---- */

/* A pass is good for several entries of one profile and one dictionary. */
struct encoding {
	struct depot *depot;
	struct dictionary_pass pass;
	bool has_pass;
};

static int find_dictionary(struct depot *depot, const struct store_entry *entry,
	struct depot_row *row, struct err *err)
{
	struct lexica_name name = { .tenant = entry->tenant,
		.service = store_label_of(entry->labels, VIEW("service_name")),
		.week = store_day(entry->profile->time_ns) / STORE_WEEK_DAYS };
	int rc = lexica_get(&depot->lexica, &depot->rocks, &name, &row->lexicon, err);

	if (rc == 0)
		row->dictionary = row->lexicon->dictionary;
	return rc;
}

static int begin_pass(struct encoding *e, const struct store_entry *entry,
	struct store_dictionary *dictionary, struct err *err)
{
	if (e->has_pass && e->pass.from == entry->profile && e->pass.into == dictionary)
		return 0;
	if (e->has_pass)
		dictionary_pass_fini(&e->pass);
	e->has_pass = true;
	return dictionary_pass_init(&e->pass, dictionary, entry->profile, err);
}

static int encode(
	struct encoding *e, const struct store_entry *entry, struct depot_row *row, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	struct record record = { 0 };
	const struct record *records[] = { &record };
	int rc;

	if (!depot_keeps(e->depot, entry->tenant, store_day(entry->profile->time_ns)))
		return too_old(err);
	series_info_encode(entry, &bytes);
	if (bytes.failed)
		return no_memory(err);
	rc = catalog_find(&e->depot->catalog, buf_view(&bytes), &row->row.series, err);
	if (rc == 0)
		rc = find_dictionary(e->depot, entry, row, err);
	if (rc == 0)
		rc = begin_pass(e, entry, row->dictionary, err);
	if (rc == 0)
		rc = record_build(&record, entry, &e->pass, err);
	row->row.begin_ns = record.begin_ns;
	row->row.short_id = record.short_id;
	row->n_samples = record.n;
	if (rc == 0)
		rc = block_encode(records, 1, LEVEL, &row->bytes, err);
	record_fini(&record);
	return rc;
}

static struct depot_job *make_job(
	struct depot *depot, const struct store_entry *entries, size_t n, struct err *err)
{
	struct encoding e = { .depot = depot };
	struct depot_job *job = calloc(1, sizeof(*job) + n * sizeof(*job->rows));
	int rc = job ? 0 : no_memory(err);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		job->n = i + 1;
		rc = encode(&e, &entries[i], &job->rows[i], err);
		job->bytes += job->rows[i].bytes.len;
	}
	if (e.has_pass)
		dictionary_pass_fini(&e.pass);
	if (rc < 0 && job) {
		depot_free_job(job);
		job = NULL;
	}
	return job;
}

/* ---- queueing ---- */

/* What the block of the row's bucket holds already; the gate is open meanwhile. */
static int learn(struct depot *depot, const struct heads_row *row, struct err *err)
{
	uint64_t generation = depot->heads.generation;
	uint32_t bucket = rocks_bucket_of(row->begin_ns);
	struct rocks_key key = rocks_key_block(store_day(row->begin_ns), 'B', row->series, bucket);
	struct block_header header = { 0 };
	BUF_AUTO block = { 0 };
	int rc;

	pthread_mutex_unlock(&depot->gate);
	rc = rocks_get(&depot->rocks, ROCKS_SAMPLES, rocks_key_view(&key), &block, err);
	if (rc == 0)
		rc = block_header_decode(buf_view(&block), &header, err);
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	pthread_mutex_lock(&depot->gate);
	if (rc == 0 &&
		!heads_learn(&depot->heads, row, generation, header.n_profiles ? &header : NULL))
		rc = no_memory(err);
	block_header_fini(&header);
	return rc;
}

/* Every row's head is known, and the gate was not opened since the last one was learned. */
static int learn_all(struct depot *depot, const struct depot_job *job, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < job->n; i++) {
		const struct heads_row *row = &job->rows[i].row;

		if (!heads_find(&depot->heads, row->series, rocks_bucket_of(row->begin_ns)))
			rc = learn(depot, row, err);
	}
	return rc;
}

/* How many rows were noted before the answer. */
static enum heads_answer note_rows(struct depot *depot, struct depot_job *job, size_t *ret_n)
{
	int64_t now_ns = (int64_t)clock_monotonic_ns();

	for (*ret_n = 0; *ret_n < job->n; ++*ret_n) {
		struct depot_row *row = &job->rows[*ret_n];
		enum heads_answer answer = heads_add(&depot->heads, &row->row, now_ns);

		row->is_again = answer == HEADS_AGAIN;
		if (answer == HEADS_UNKNOWN || answer == HEADS_NO_MEMORY)
			return answer;
		if (!catalog_touch(
			    &depot->catalog, store_day(row->row.begin_ns), row->row.series)) {
			++*ret_n;
			return HEADS_NO_MEMORY;
		}
	}
	return HEADS_NEW;
}

static void unnote_rows(struct depot *depot, struct depot_job *job, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!job->rows[i].is_again)
			heads_remove(&depot->heads, &job->rows[i].row);
}

static int admit(struct depot *depot, const struct depot_job *job, struct err *err)
{
	if (depot->broken.code) {
		if (err)
			*err = depot->broken;
		return depot->broken.code;
	}
	if (depot->bytes_queued + job->bytes > depot->options.memory_max / QUEUE_SHARE &&
		depot->first)
		return err_set(err, ERR_LIMIT,
			"%zu MB of profiles wait to be written: the disk does not keep up; try "
			"again",
			depot->bytes_queued >> 20);
	for (size_t i = 0; i < job->n; i++) {
		uint32_t day = store_day(job->rows[i].row.begin_ns);

		if (day < depot->day_min)
			return too_old(err);
	}
	return 0;
}

/* Notes and queues as one step: a repeated profile must not overtake the first. */
static int enqueue(struct depot *depot, struct depot_job *job, struct err *err)
{
	enum heads_answer answer;
	size_t n;

	do {
		int rc = learn_all(depot, job, err);

		if (rc == 0)
			rc = admit(depot, job, err);
		if (rc < 0)
			return rc;
		answer = note_rows(depot, job, &n);
		if (answer != HEADS_NEW)
			unnote_rows(depot, job, n);
	} while (answer == HEADS_UNKNOWN); /* a head was folded meanwhile */
	if (answer == HEADS_NO_MEMORY)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		depot->n_duplicates += job->rows[i].is_again;
	*depot->last = job;
	depot->last = &job->next;
	depot->bytes_queued += job->bytes;
	pthread_cond_signal(&depot->queued);
	return 0;
}

static void wait_for_drop(struct depot *depot)
{
	pthread_mutex_lock(&depot->gate);
	while (depot->is_paused)
		pthread_cond_wait(&depot->resumed, &depot->gate);
	pthread_mutex_unlock(&depot->gate);
}

int depot_append(struct store *store, const struct store_entry *entries, size_t n,
	const struct store_receipt *receipt, struct err *err)
{
	struct depot *depot = (struct depot *)store;
	struct err why = { 0 };
	struct depot_job *job;
	int rc;

	wait_for_drop(depot);
	pthread_rwlock_rdlock(&depot->open);
	if (!depot->rocks.db)
		rc = err_set(&why, ERR_IO, "%s", depot->broken.text);
	else if (!(job = make_job(depot, entries, n, &why)))
		rc = why.code;
	else {
		if (receipt)
			job->receipt = *receipt;
		pthread_mutex_lock(&depot->gate);
		rc = enqueue(depot, job, &why);
		pthread_mutex_unlock(&depot->gate);
		if (rc < 0)
			depot_free_job(job);
	}
	pthread_rwlock_unlock(&depot->open);
	if (rc < 0 && err)
		*err = why;
	return rc;
}
