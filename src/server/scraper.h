/*
 * scraper: asks programs for their profiles, again and again.
 *
 * Each profile of each target has its own time within the interval, so that a thousand targets do
 * not answer at once. A profile that is not back when its next turn comes misses that turn. What
 * came back goes to `take`, on the scraper's thread.
 */
#ifndef SERVER_SCRAPER_H
#define SERVER_SCRAPER_H

#include <stdint.h>

#include "base/err.h"
#include "base/view.h"
#include "server/scrape.h"
#include "store/store.h"

#define SCRAPER_PARALLEL_MAX 4096u

struct scraper;

struct scraped {
	const struct store_labels *labels;
	enum scrape_kinds kind;
	struct view body;    /* pprof, zipped or not */
	int64_t begin_ns;    /* when it was asked for */
	int64_t duration_ns; /* until it came */
};

struct scraper_options {
	struct scrape_job *jobs; /* prepared; stay as long as the scraper does */
	size_t n_jobs;
	int (*take)(void *owner, const struct scraped *scraped, struct err *err);
	void *owner;
};

int scraper_start(const struct scraper_options *options, struct scraper **ret, struct err *err);
void scraper_stop(struct scraper *scraper);

/* How each profile of each target fares. */
struct scraper_status {
	const char *job;
	const char *url;
	const struct store_labels *labels;
	uint64_t good, failed, missed;
	int64_t last_ns;     /* since 1970; 0 = not yet */
	int64_t duration_ns; /* of the last */
	const char *trouble; /* of the last; "" if it went well */
};
void scraper_each(struct scraper *scraper,
	void (*each)(void *owner, const struct scraper_status *status), void *owner);

/* What went wrong with finding targets, job by job; nothing for those without trouble. */
void scraper_troubles(struct scraper *scraper,
	void (*each)(void *owner, const char *job, const char *trouble), void *owner);

#endif
