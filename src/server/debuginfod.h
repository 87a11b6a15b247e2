/*
 * debuginfod: debug files of other servers, asked for when a build is met that nobody has sent a
 * file of (elfutils' protocol: GET URL/buildid/BUILD_ID/debuginfo).
 *
 * Nobody waits for it: a question is answered with what is there, the next one has the names. Only
 * the addresses that were given are asked, none that they redirect to. What none of them has is not
 * asked for again for an hour, nor for five minutes what failed.
 */
#ifndef SERVER_DEBUGINFOD_H
#define SERVER_DEBUGINFOD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define DEBUGINFOD_WAITING_MAX                                            \
	64u /* builds; what is wanted beyond that, is when it is next met \
	     */
#define DEBUGINFOD_TIME_S 120u

struct debuginfod;
struct shelf;

struct debuginfod_options {
	const char *const
		*urls; /* borrowed, as is what follows; in the order in which they are asked */
	size_t n_urls;
	struct shelf *shelf; /* where files go */
	size_t bytes_max;    /* of a file, which is in memory on its way */
};

int debuginfod_new(
	const struct debuginfod_options *options, struct debuginfod **ret, struct err *err);
void debuginfod_free(struct debuginfod *client); /* what is on its way is given up */

/* Any thread; comes back at once. The first argument is a struct debuginfod. */
void debuginfod_want(void *client, struct view tenant, struct view build_id);

struct debuginfod_figures {
	uint64_t fetched, missing, failed, waiting;
};
void debuginfod_figures(struct debuginfod *client, struct debuginfod_figures *ret);

#endif
