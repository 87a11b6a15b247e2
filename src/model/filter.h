/*
 * filter: the part of a profile that is asked for, by names and by labels.
 *
 * Rules and their order are those of `go tool pprof`: focus, ignore, hide and show look at
 * function names, file names and mapping files; then show_from; then labels. The total that
 * shares refer to is the caller's choice: take it before, as pprof does, or after.
 */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include <stdbool.h>

#include "base/err.h"
#include "model/profile.h"

/* One rule about text: a regular expression, a set, whatever the caller has. */
struct filter_text {
	bool (*matches)(const void *state, struct view text); /* NULL: no such rule */
	const void *state;
};

/* One rule about the labels of a sample. */
struct filter_labels {
	bool (*matches)(const void *state, const struct profile *profile, uint32_t label_set);
	const void *state;
};

struct filter_options {
	struct filter_text focus;     /* keeps samples that pass through a match */
	struct filter_text ignore;    /* drops them; stronger than focus */
	struct filter_text hide;      /* leaves the matching frames out */
	struct filter_text show;      /* leaves all others out */
	struct filter_text show_from; /* cuts what lies between the root and the match nearest to
					 it; drops samples without one */
	struct filter_labels label_focus, label_ignore;
	struct filter_text label_keep; /* keys of labels to keep on the samples */
};

/* A new profile; samples that lose all frames are dropped. *ret is owned by the caller. */
int filter(const struct profile *profile, const struct filter_options *options,
	struct profile **ret, struct err *err);

#endif
