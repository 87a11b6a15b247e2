/* pull: what a scraper brings goes to the intake. */
#include "server/pull.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "ingest/profilekind.h"
#include "ingest/unpack.h"
#include "model/merge.h"

struct pull {
	struct pull_options options;
	pthread_mutex_t lock;
	struct scraper *scraper;       /* under the lock */
	atomic_uint_fast64_t not_kept; /* by the store, once it had taken them */
	atomic_uint pending;           /* batches whose receipt has not come */
};

/* The types of a profile that one of its kinds is about. */
static const char *const LIVING[][2] = { { "inuse_objects", "count" }, { "inuse_space", "bytes" } };
static const char *const ALLOCATED[][2] = { { "alloc_objects", "count" },
	{ "alloc_space", "bytes" } };

/* *profile becomes one that has only those types, if it has them. */
static int keep_types(struct profile **profile, const char *const (*types)[2], struct err *err)
{
	PROFILE_AUTO wanted = profile_new();
	struct profile *less;
	int code;

	if (!wanted)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < 2; i++)
		profile_add_type(wanted, view_of(types[i][0]), view_of(types[i][1]), NULL);
	if (profile_find_type(*profile, view_of(types[0][0])) < 0)
		return 0;
	code = merge_common_types(*profile, wanted, &less, err);
	if (code)
		return code;
	profile_free(*profile);
	*profile = less;
	return 0;
}

static int keep_what_counts(enum scrape_kinds kind, struct profile **profile, struct err *err)
{
	if (kind == SCRAPE_MEMORY)
		return keep_types(profile, LIVING, err);
	if (kind == SCRAPE_ALLOCS)
		return keep_types(profile, ALLOCATED, err);
	return 0;
}

static void on_disk(void *owner, int code, const struct err *err)
{
	struct pull *pull = owner;

	if (code)
		atomic_fetch_add(&pull->not_kept, 1);
	atomic_fetch_sub(&pull->pending, 1);
}

static struct hash128 id_of(const struct scraped *scraped)
{
	struct hash128 id = hash128_view(scraped->body);

	for (size_t i = 0; i < scraped->labels->n; i++) {
		id.low = hash_pair(id.low, hash_view(scraped->labels->at[i].name));
		id.high = hash_pair(id.high, hash_view(scraped->labels->at[i].value));
	}
	id.low = hash_pair(id.low, (uint64_t)scraped->begin_ns);
	id.high = hash_pair(id.high, (uint64_t)scraped->kind);
	return id;
}

static int fill(const struct scraped *scraped, struct unpacked *unpacked,
	struct intake_batch *batch, struct err *err)
{
	struct profile *profile = unpacked->profile;
	struct intake_profile *into = intake_batch_add(batch, profile);

	if (!into)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (profile->time_ns == 0)
		profile->time_ns = scraped->begin_ns;
	into->name = view_of(scrape_kind_name(scraped->kind));
	into->id = id_of(scraped);
	for (size_t i = 0; i < scraped->labels->n; i++)
		labelset_set(
			&into->labels, scraped->labels->at[i].name, scraped->labels->at[i].value);
	batch->bytes = unpacked->bytes;
	batch->n_cut = unpacked->n_cut;
	return 0;
}

static int unpack(const struct scraped *scraped, struct readroom_seat *seat,
	const struct limits *limits, struct unpacked *ret, struct err *err)
{
	struct unpack_packed packed = { scraped->body, VIEW("pprof"), seat };
	struct refusal refusal = { 0 };
	int code;

	if (unpack_profile(&packed, limits, ret, &refusal))
		return err_set(err, ERR_CORRUPT, "%s", refusal.text);
	code = keep_what_counts(scraped->kind, &ret->profile, err);
	if (code)
		profile_free(ret->profile);
	return code;
}

static int take(void *owner, const struct scraped *scraped, struct err *err)
{
	struct pull *pull = owner;
	const struct limits *limits = intake_limits(pull->options.intake);
	struct store_receipt receipt = { on_disk, pull };
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };
	struct unpacked unpacked;
	int code;

	batch.seat.room = intake_room(pull->options.intake);
	code = unpack(scraped, &batch.seat, limits, &unpacked, err);
	if (code == 0)
		code = fill(scraped, &unpacked, &batch, err);
	if (code == 0) {
		atomic_fetch_add(&pull->pending, 1);
		if (intake_take(pull->options.intake, VIEW(""), &batch, &receipt, &refusal)) {
			atomic_fetch_sub(&pull->pending, 1);
			code = err_set(err, ERR_LIMIT, "%s", refusal.text);
		}
	}
	intake_batch_fini(&batch);
	return code;
}

struct tally {
	uint64_t good, failed, missed, targets;
};

static void count(void *owner, const struct scraper_status *status)
{
	struct tally *tally = owner;

	tally->good += status->good;
	tally->failed += status->failed;
	tally->missed += status->missed;
	tally->targets++;
}

static void write_figures(void *owner, struct buf *out)
{
	struct pull *pull = owner;
	struct tally tally = { 0 };

	pthread_mutex_lock(&pull->lock);
	scraper_each(pull->scraper, count, &tally);
	pthread_mutex_unlock(&pull->lock);
	metrics_head(
		out, "flyover_scrape_profiles", "gauge", "Profiles of targets that are scraped.");
	buf_add_format(out, "flyover_scrape_profiles %llu\n", (unsigned long long)tally.targets);
	metrics_head(out, "flyover_scrapes_total", "counter",
		"Scrapes of targets there are, by how they went.");
	buf_add_format(out, "flyover_scrapes_total{result=\"good\"} %llu\n",
		(unsigned long long)tally.good);
	buf_add_format(out, "flyover_scrapes_total{result=\"failed\"} %llu\n",
		(unsigned long long)tally.failed);
	buf_add_format(out, "flyover_scrapes_total{result=\"missed\"} %llu\n",
		(unsigned long long)tally.missed);
	metrics_head(out, "flyover_scrape_unkept_total", "counter",
		"Scraped profiles that the store could not keep.");
	buf_add_format(out, "flyover_scrape_unkept_total %llu\n",
		(unsigned long long)atomic_load(&pull->not_kept));
}

int pull_start(const struct pull_options *options, struct pull **ret, struct err *err)
{
	struct pull *pull = calloc(1, sizeof(*pull));
	struct scraper_options scraping = { options->jobs, options->n_jobs, take, pull };
	int code;

	*ret = NULL;
	if (!pull)
		return err_set(err, ERR_NOMEM, "out of memory");
	pull->options = *options;
	pthread_mutex_init(&pull->lock, NULL);
	code = scraper_start(&scraping, &pull->scraper, err);
	if (code) {
		free(pull);
		return code;
	}
	if (options->metrics)
		metrics_collect(options->metrics, write_figures, pull);
	*ret = pull;
	return 0;
}

int pull_replace(struct pull *pull, struct scrape_job *jobs, size_t n_jobs, struct err *err)
{
	struct scraper_options scraping = { jobs, n_jobs, take, pull };
	struct scraper *next, *before;
	int code = scraper_start(&scraping, &next, err);

	if (code)
		return code;
	pthread_mutex_lock(&pull->lock);
	before = pull->scraper;
	pull->scraper = next;
	pthread_mutex_unlock(&pull->lock);
	scraper_stop(before);
	return 0;
}

void pull_stop(struct pull *pull)
{
	if (!pull)
		return;
	scraper_stop(pull->scraper);
	while (atomic_load(&pull->pending)) /* the store answers every batch it took */
		usleep(1000);
	free(pull);
}
