/* scraper_impl: what the scraper keeps of its jobs, targets and profiles. */
#ifndef SERVER_SCRAPER_IMPL_H
#define SERVER_SCRAPER_IMPL_H

#include <pthread.h>

#include "net/fetches.h"
#include "server/discovery.h"
#include "server/scraper.h"
#include "server/target.h"

#define TROUBLE_MAX 256

struct entry;

struct scrape { /* one profile of one target */
	struct entry *entry;
	enum scrape_kinds kind;
	uint64_t next_ns; /* when it is its turn */
	bool runs;
	int64_t begin_ns; /* since 1970 */
	uint64_t began_ns;
	uint64_t good, failed, missed;
	int64_t last_ns, duration_ns;
	char trouble[TROUBLE_MAX];
};

struct entry { /* a target; stays while one of its scrapes runs, listed or not */
	struct scraper *scraper;
	struct arena arena;
	struct target target;
	struct scrape scrapes[SCRAPE_KINDS];
	unsigned running;
	bool listed;
	uint64_t generation; /* of the list of targets that it was last in */
	struct entry *next;
};

struct job {
	const struct scrape_job *job;
	struct discovery *discovery;
	struct entry *entries; /* owned */
	uint64_t generation;
	char trouble[TROUBLE_MAX];
};

struct scraper {
	struct scraper_options options;
	struct fetches *fetches;
	struct job *jobs;
	pthread_t thread;
	pthread_mutex_t lock; /* of the entries and all that follows */
	pthread_cond_t wake;
	bool ends;
};

#endif
