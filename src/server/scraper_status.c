/* scraper_status: how each profile of each target fares. */
#include "server/scraper_impl.h"

static void tell(const struct job *job, const struct scrape *scrape,
	void (*each)(void *owner, const struct scraper_status *status), void *owner)
{
	const struct target *target = &scrape->entry->target;
	BUF_AUTO url = { 0 };

	target_url(target, scrape_kind(job->job, scrape->kind), 0, &url);
	buf_add_char(&url, '\0');
	each(owner, &(struct scraper_status){ job->job->job_name, url.failed ? "" : url.at,
			    &target->labels, scrape->good, scrape->failed, scrape->missed,
			    scrape->last_ns, scrape->duration_ns, scrape->trouble });
}

void scraper_each(struct scraper *scraper,
	void (*each)(void *owner, const struct scraper_status *status), void *owner)
{
	pthread_mutex_lock(&scraper->lock);
	for (size_t i = 0; i < scraper->options.n_jobs; i++) {
		const struct job *job = &scraper->jobs[i];

		for (const struct entry *entry = job->entries; entry; entry = entry->next)
			for (unsigned kind = 0; kind < SCRAPE_KINDS; kind++)
				if (scrape_kind(job->job, entry->scrapes[kind].kind)->enabled)
					tell(job, &entry->scrapes[kind], each, owner);
	}
	pthread_mutex_unlock(&scraper->lock);
}

void scraper_troubles(struct scraper *scraper,
	void (*each)(void *owner, const char *job, const char *trouble), void *owner)
{
	pthread_mutex_lock(&scraper->lock);
	for (size_t i = 0; i < scraper->options.n_jobs; i++)
		if (scraper->jobs[i].trouble[0])
			each(owner, scraper->jobs[i].job->job_name, scraper->jobs[i].trouble);
	pthread_mutex_unlock(&scraper->lock);
}
