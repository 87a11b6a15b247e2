/* scraper: asks programs for their profiles, again and again. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"
#include "server/scrape_trust.h"
#include "server/scraper_impl.h"

#define SECOND 1000000000ull
static void free_entry(struct entry *entry)
{
	arena_fini(&entry->arena);
	free(entry);
}

/* Takes it off the list; what still runs frees it. */
static void unlist(struct entry *entry)
{
	entry->listed = false;
	if (entry->running == 0)
		free_entry(entry);
}

static void schedule(struct entry *entry, uint64_t now_ns)
{
	uint64_t interval = (uint64_t)entry->target.job->scrape_interval;

	for (unsigned kind = 0; kind < SCRAPE_KINDS; kind++) {
		struct scrape *scrape = &entry->scrapes[kind];

		scrape->entry = entry;
		scrape->kind = (enum scrape_kinds)kind;
		scrape->next_ns =
			now_ns + (entry->target.key + kind * interval / SCRAPE_KINDS) % interval;
	}
}

struct listing { /* of one job's targets */
	struct scraper *scraper;
	struct job *job;
	uint64_t now_ns;
	struct map known; /* keys of targets to their entries */
};

static void know(struct listing *listing, struct entry *entry)
{
	uint64_t *value = map_add(&listing->known, entry->target.key, NULL);

	if (value)
		*value = (uintptr_t)entry;
}

static void list(struct listing *listing, struct entry *entry)
{
	struct job *job = listing->job;
	const uint64_t *known = map_find(&listing->known, entry->target.key);

	if (known) {
		((struct entry *)(uintptr_t)*known)->generation = job->generation;
		free_entry(entry);
		return;
	}
	entry->scraper = listing->scraper;
	entry->listed = true;
	entry->generation = job->generation;
	entry->next = job->entries;
	job->entries = entry;
	know(listing, entry);
	schedule(entry, listing->now_ns);
}

static void on_found(void *owner, const struct discovery_found *found)
{
	struct listing *listing = owner;
	struct entry *entry = calloc(1, sizeof(*entry));
	struct err err = { 0 };
	int kept;

	if (!entry)
		return;
	kept = target_make(listing->job->job, found, &entry->arena, &entry->target, &err);
	if (kept < 0)
		snprintf(listing->job->trouble, TROUBLE_MAX, "%.*s", TROUBLE_MAX - 1, err.text);
	if (kept > 0) {
		list(listing, entry);
		return;
	}
	free_entry(entry);
}

static void drop_those_gone(struct job *job)
{
	struct entry **at = &job->entries;

	while (*at) {
		struct entry *entry = *at;

		if (entry->generation == job->generation) {
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		unlist(entry);
	}
}

/* Looks for targets without the lock: a name server may take its time. */
static void refresh(struct scraper *scraper, struct job *job, uint64_t now_ns)
{
	struct listing listing = { .scraper = scraper, .job = job, .now_ns = now_ns };

	if (!discovery_refresh(job->discovery, now_ns) && job->generation &&
		!discovery_trouble(job->discovery)[0])
		return;
	pthread_mutex_lock(&scraper->lock);
	job->generation++;
	snprintf(job->trouble, TROUBLE_MAX, "%.*s", TROUBLE_MAX - 1,
		discovery_trouble(job->discovery));
	for (struct entry *entry = job->entries; entry; entry = entry->next)
		know(&listing, entry);
	discovery_each(job->discovery, on_found, &listing);
	drop_those_gone(job);
	pthread_mutex_unlock(&scraper->lock);
	map_fini(&listing.known);
}

static void note(struct scrape *scrape, int code, const struct err *err)
{
	scrape->last_ns = (int64_t)clock_realtime_ns();
	scrape->duration_ns = (int64_t)(clock_monotonic_ns() - scrape->began_ns);
	scrape->good += code == 0;
	scrape->failed += code < 0;
	snprintf(scrape->trouble, TROUBLE_MAX, "%.*s", TROUBLE_MAX - 1, code ? err->text : "");
}

static void on_done(void *owner, const struct fetches_answer *answer)
{
	struct scrape *scrape = owner;
	struct entry *entry = scrape->entry;
	struct scraper *scraper = entry->scraper;
	struct err trouble = *answer->err;
	int code = answer->code;

	if (code == 0) {
		struct scraped scraped = { &entry->target.labels, scrape->kind,
			buf_view(answer->body), scrape->begin_ns,
			(int64_t)(clock_monotonic_ns() - scrape->began_ns) };

		code = scraper->options.take(scraper->options.owner, &scraped, &trouble);
	}
	pthread_mutex_lock(&scraper->lock);
	if (code != ERR_CANCELLED)
		note(scrape, code, &trouble);
	scrape->runs = false;
	entry->running--;
	if (!entry->listed && entry->running == 0)
		free_entry(entry);
	pthread_mutex_unlock(&scraper->lock);
}

static int begin(struct scraper *scraper, struct scrape *scrape, struct err *err)
{
	const struct target *target = &scrape->entry->target;
	const struct scrape_job *job = target->job;
	unsigned interval_s = (unsigned)((uint64_t)job->scrape_interval / SECOND);
	BUF_AUTO url = { 0 }, secret = { 0 };
	struct fetches_request request = {
		.ask.limits = { .bytes_max = (size_t)job->body_size_limit,
			.time_s =
				(unsigned)(((uint64_t)job->scrape_timeout + SECOND - 1) / SECOND) },
		.done = on_done,
		.owner = scrape
	};
	int code = scrape_trust(job, &secret, &request.ask.trust, err);

	target_url(
		target, scrape_kind(job, scrape->kind), interval_s > 1 ? interval_s - 1 : 1, &url);
	buf_add_char(&url, '\0');
	if (code == 0 && url.failed)
		code = err_set(err, ERR_NOMEM, "out of memory");
	request.ask.url = url.at;
	return code ? code : fetches_add(scraper->fetches, &request, err);
}

/* Its turn: begins it, unless the last one still runs. Returns when its next turn is. */
static uint64_t take_turn(struct scraper *scraper, struct scrape *scrape, uint64_t now_ns)
{
	uint64_t interval = (uint64_t)scrape->entry->target.job->scrape_interval;
	struct err err = { 0 };

	while (scrape->next_ns <= now_ns)
		scrape->next_ns += interval;
	if (scrape->runs) {
		scrape->missed++;
		return scrape->next_ns;
	}
	scrape->begin_ns = (int64_t)clock_realtime_ns();
	scrape->began_ns = now_ns;
	scrape->runs = true;
	scrape->entry->running++;
	if (begin(scraper, scrape, &err)) {
		note(scrape, err.code, &err);
		scrape->runs = false;
		scrape->entry->running--;
	}
	return scrape->next_ns;
}

static uint64_t begin_those_due(struct scraper *scraper, struct job *job, uint64_t now_ns)
{
	uint64_t next_ns = now_ns + SECOND;

	for (struct entry *entry = job->entries; entry; entry = entry->next)
		for (unsigned kind = 0; kind < SCRAPE_KINDS; kind++) {
			struct scrape *scrape = &entry->scrapes[kind];
			uint64_t turn_ns = scrape->next_ns;

			if (!scrape_kind(job->job, scrape->kind)->enabled)
				continue;
			if (turn_ns <= now_ns)
				turn_ns = take_turn(scraper, scrape, now_ns);
			if (turn_ns < next_ns)
				next_ns = turn_ns;
		}
	return next_ns;
}

static void *run(void *owner)
{
	struct scraper *scraper = owner;
	bool ends = false;

	while (!ends) {
		uint64_t now_ns = clock_monotonic_ns(), next_ns = now_ns + SECOND;
		struct timespec until;

		for (size_t i = 0; i < scraper->options.n_jobs; i++)
			refresh(scraper, &scraper->jobs[i], now_ns);
		pthread_mutex_lock(&scraper->lock);
		for (size_t i = 0; i < scraper->options.n_jobs; i++) {
			uint64_t turn_ns =
				begin_those_due(scraper, &scraper->jobs[i], clock_monotonic_ns());

			next_ns = turn_ns < next_ns ? turn_ns : next_ns;
		}
		until = (struct timespec){ (time_t)(next_ns / SECOND), (long)(next_ns % SECOND) };
		if (!scraper->ends)
			pthread_cond_timedwait(&scraper->wake, &scraper->lock, &until);
		ends = scraper->ends;
		pthread_mutex_unlock(&scraper->lock);
	}
	return NULL;
}

static void free_scraper(struct scraper *scraper)
{
	for (size_t i = 0; scraper->jobs && i < scraper->options.n_jobs; i++) {
		struct job *job = &scraper->jobs[i];

		job->generation++;
		drop_those_gone(job);
		discovery_free(job->discovery);
	}
	free(scraper->jobs);
	pthread_mutex_destroy(&scraper->lock);
	pthread_cond_destroy(&scraper->wake);
	free(scraper);
}

static int prepare(struct scraper *scraper, struct err *err)
{
	int code = 0;

	scraper->jobs = calloc(scraper->options.n_jobs + 1, sizeof(*scraper->jobs));
	if (!scraper->jobs)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; code == 0 && i < scraper->options.n_jobs; i++) {
		scraper->jobs[i].job = &scraper->options.jobs[i];
		code = discovery_new(scraper->jobs[i].job, &scraper->jobs[i].discovery, err);
	}
	return code ? code : fetches_new(SCRAPER_PARALLEL_MAX, &scraper->fetches, err);
}

int scraper_start(const struct scraper_options *options, struct scraper **ret, struct err *err)
{
	struct scraper *scraper = calloc(1, sizeof(*scraper));
	pthread_condattr_t monotonic;
	int code;

	*ret = NULL;
	if (!scraper)
		return err_set(err, ERR_NOMEM, "out of memory");
	scraper->options = *options;
	pthread_mutex_init(&scraper->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&scraper->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	code = prepare(scraper, err);
	if (code == 0 && pthread_create(&scraper->thread, NULL, run, scraper) != 0)
		code = err_set(err, ERR_NOMEM, "no thread to scrape with");
	if (code) {
		fetches_free(scraper->fetches);
		free_scraper(scraper);
		return code;
	}
	*ret = scraper;
	return 0;
}

void scraper_stop(struct scraper *scraper)
{
	if (!scraper)
		return;
	pthread_mutex_lock(&scraper->lock);
	scraper->ends = true;
	pthread_cond_signal(&scraper->wake);
	pthread_mutex_unlock(&scraper->lock);
	pthread_join(scraper->thread, NULL);
	fetches_free(scraper->fetches);
	free_scraper(scraper);
}
