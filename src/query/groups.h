/*
 * groups: what series are told apart by: their values of a few labels.
 *
 * Each combination of values that was met has a number, from 0 in the order of meeting. Without
 * labels there is one group. Values are compared, never their hashes alone.
 */
#ifndef QUERY_GROUPS_H
#define QUERY_GROUPS_H

#include "model/strings.h"
#include "store/store.h"

#define GROUPS_LABELS_MAX 8u
#define GROUPS_NONE UINT32_MAX

struct groups {
	struct view labels[GROUPS_LABELS_MAX]; /* borrowed */
	size_t n_labels;
	size_t n;            /* groups met */
	struct strings keys; /* private, as is what follows: all values, each after its length */
	uint64_t series;     /* the one met last, and its group */
	uint32_t last;
};

/* ERR_USAGE past GROUPS_LABELS_MAX. groups_fini also after an error. */
int groups_init(struct groups *groups, const struct view *labels, size_t n_labels, struct err *err);
void groups_fini(struct groups *groups);

/* The number of the series' group; *ret_new: it was not met before. GROUPS_NONE without memory. */
uint32_t groups_of(struct groups *groups, const struct store_series *series, bool *ret_new);

/* The group's value of its label number `label`; "" where its series have none. Good until
 * groups_fini. */
struct view groups_value(const struct groups *groups, uint32_t group, size_t label);

/* The value of a series' label; "" if it has none. */
struct view groups_label(const struct store_series *series, struct view name);

#endif
