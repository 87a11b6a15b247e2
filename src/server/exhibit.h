/*
 * exhibit: what one selection selects, as a page that can be asked.
 *
 * Past nodes_max the lightest call paths are frames called "other". The page says so, and that its
 * search and its table see only the others.
 */
#ifndef SERVER_EXHIBIT_H
#define SERVER_EXHIBIT_H

#include "server/router.h"
#include "store/store.h"

struct exhibit_options {
	struct store *store; /* all are borrowed and outlive it */
	const struct guard *guard;
	const char *version;
	const struct sourcecode *sources; /* NULL = none is read */
	size_t nodes_max;
};

struct exhibit {
	char *title;
	struct profile *profile;
	struct viewer *viewer; /* its handler is viewer_handle */
	size_t nodes;          /* that are kept */
};

/* Within the call's budget, of its tenant; what it took is given back: a page is kept for longer
 * than the question, and nodes_max limits it. `selection` is spelled as spelling.h has it. */
int exhibit_make(const struct exhibit_options *how, struct view selection,
	const struct router_call *call, struct exhibit *ret, struct err *err);

/* Also of one that was zeroed, or could not be made. */
void exhibit_fini(struct exhibit *exhibit);

#endif
