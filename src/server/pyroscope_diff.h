/*
 * pyroscope_diff: two selections side by side, as one flame graph.
 */
#ifndef SERVER_PYROSCOPE_DIFF_H
#define SERVER_PYROSCOPE_DIFF_H

#include "codec/flamebearer.h"
#include "server/connect.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

struct pyroscope_diff {
	struct flamebearer flamebearer;
	struct tree tree;     /* whose names it has */
	struct profile *left; /* owned */
};

struct pyroscope_diff_options {
	struct store *store;
	struct view tenant;
	const struct pyroscope_request *left, *right; /* the one that wants more nodes counts */
	bool same_type;                               /* ERR_USAGE if they are of different ones */
};

/* ERR_USAGE if their units differ. pyroscope_diff_fini also after an error. */
int pyroscope_diff_make(
	const struct pyroscope_diff_options *options, struct pyroscope_diff *ret, struct err *err);
void pyroscope_diff_fini(struct pyroscope_diff *diff);

/* The owner is the store. */
extern const struct connect_method pyroscope_diff_method;

#endif
