/*
 * pull: what a scraper brings goes to the intake, as if it had been pushed.
 *
 * Of a profile of memory, "memory" keeps what lives (inuse_*) and "allocs" what was allocated
 * (alloc_*), so that nothing is kept twice.
 */
#ifndef SERVER_PULL_H
#define SERVER_PULL_H

#include "ingest/intake.h"
#include "server/metrics.h"
#include "server/scraper.h"

struct pull;

/* Scrapes from now on. The jobs are prepared; they, intake and metrics outlive it. */
struct pull_options {
	struct scrape_job *jobs;
	size_t n_jobs;
	struct intake *intake;
	struct metrics *metrics; /* may be NULL */
};

int pull_start(const struct pull_options *options, struct pull **ret, struct err *err);
/* Other jobs from now on; on failure those of before. */
int pull_replace(struct pull *pull, struct scrape_job *jobs, size_t n_jobs, struct err *err);

void pull_stop(struct pull *pull);

#endif
