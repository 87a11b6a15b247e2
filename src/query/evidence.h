/*
 * evidence: what a selection rests on: how many samples, how many of them whole, from which hosts
 * and for how much of the time, and how the sampling of those hosts went.
 */
#ifndef QUERY_EVIDENCE_H
#define QUERY_EVIDENCE_H

#include "model/accounting.h"
#include "model/strings.h"
#include "query/evidence_unnamed.h"
#include "store/store.h"

#define EVIDENCE_SLOTS 240u /* the range in so many steps, at most */
#define EVIDENCE_HOSTS_MAX 2000u
#define EVIDENCE_HOST "host" /* the label that says which host a series is of */

struct evidence_host {
	struct view host; /* "" = its series do not say */
	uint64_t profiles;
	int64_t begin_ns, end_ns;                  /* of its first profile, and of what ends last */
	uint64_t seen[(EVIDENCE_SLOTS + 63) / 64]; /* a bit for each step that has a profile */
	unsigned n_seen;
};

struct evidence {
	uint64_t profiles, series;
	int64_t begin_ns, end_ns;
	int64_t step_ns; /* of the hosts' bits */
	unsigned n_steps;
	int64_t total; /* of the type asked for; the mean of a level */

	/* Counts of stack samples where the profiles have them; without, has_samples is false and
	 * the shares are of the type asked for. */
	bool has_samples;
	int64_t samples, truncated[TRUNCATED_REASONS], truncated_otherwise;

	struct evidence_unnamed unnamed; /* in samples where the profiles have them */

	struct evidence_host *hosts; /* owned; the most profiles first */
	size_t n_hosts, cap_hosts;
	size_t hosts_left_out; /* past EVIDENCE_HOSTS_MAX */

	/* What the agents of those hosts say of their sampling in the range: of all that ran there,
	 * not of what is selected alone. */
	struct accounting capture;
	size_t capture_hosts;

	struct strings texts;
};

/* `select` has a whole type. evidence_fini also after an error. */
int evidence_gather(struct store *store, const struct store_select *select, struct evidence *ret,
	struct err *err);
void evidence_fini(struct evidence *evidence);

/* The same as an accounting, so that it can be shown as a profile's own is: idle and all ticks are
 * the hosts', lost samples are not counted: nobody knows whose they were. */
struct accounting evidence_accounting(const struct evidence *evidence);

#endif
