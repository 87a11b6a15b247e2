/*
 * exhibits: the pages of the server: the dashboard, and the flame graph of a selection.
 *
 *     /, /explore, /trace/ID  the dashboard (web/src/pages.tsx); what it shows is in its address
 *     /view/SELECTION/        the page that `flyover view` has (server/viewer.h), of what the
 *                             selection selects (server/spelling.h); its API is below that
 *
 * What a selection selects is merged when its page is loaded and kept for as long as it is looked
 * at (EXHIBITS_MAX at once, the least used goes first), so that a picture does not change under the
 * reader's eyes. Loading the page again merges again, after EXHIBITS_FRESH_S.
 */
#ifndef SERVER_EXHIBITS_H
#define SERVER_EXHIBITS_H

#include "server/router.h"
#include "store/store.h"

#define EXHIBITS_MAX 16u
#define EXHIBITS_FRESH_S 10u

struct exhibits;

struct exhibits_options {
	struct store *store; /* all are borrowed and outlive it */
	const struct guard *guard;
	const char *version;
	const struct sourcecode *sources; /* NULL = none is read */
	size_t bytes_max; /* of all questions: of a page as much is kept as has room in it; 0 = all
			   */
};

/* NULL without memory. */
struct exhibits *exhibits_new(const struct exhibits_options *options);
void exhibits_free(struct exhibits *exhibits);

struct router_table exhibits_table(struct exhibits *exhibits);

#endif
