/*
 * pprof_scan: a pprof message as flat columns, every rule and limit checked.
 *
 * Scanning copies no text and interns no names; the stacks become a tree at once, because that
 * is what makes them few. pprof_load.c makes a profile of the columns, where everything is
 * interned. In the columns, strings are indexes into the file's table, and functions
 * and locations are named by their place in theirs; a location's mapping is its place plus one.
 */
#ifndef CODEC_PPROF_SCAN_H
#define CODEC_PPROF_SCAN_H

#include "codec/pprof_format.h"
#include "model/profile.h"

/* Each array is owned. Label set 0 is the empty one; other sets may be equal. */
struct pprof_columns {
	struct view *strings; /* in the message */
	struct mapping *mappings;
	struct function *functions;
	struct location *locations;
	struct line *lines;
	uint32_t *comments;
	/* Sample i: stacks[i] in the tree, whose locations are places; label_sets[sets[i]];
	 * values[i * n_types …]. */
	struct stacks tree;
	uint32_t *stacks, *sets;
	int64_t *values;
	struct label *labels;
	struct label_set *label_sets;
	size_t n_strings, n_mappings, n_functions, n_locations, n_lines, n_comments;
	size_t n_samples, n_values, n_labels, n_label_sets;
	size_t cap_lines, cap_comments, cap_labels, cap_label_sets;

	struct value_type types[PROFILE_TYPES_MAX], period_type;
	size_t n_types;
	uint64_t numbers[PPROF_FIELDS]; /* of the fields that are one number */
};

/* The columns hold views into `bytes`. After an error, too, they are to be freed with fini. */
int pprof_scan(struct view bytes, struct pprof_columns *ret, struct err *err);
void pprof_scan_fini(struct pprof_columns *columns);

#endif
