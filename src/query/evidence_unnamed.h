/*
 * evidence_unnamed: how much of a selection has frames without a name, and of which builds a debug
 * file would help.
 */
#ifndef QUERY_EVIDENCE_UNNAMED_H
#define QUERY_EVIDENCE_UNNAMED_H

#include "model/strings.h"
#include "query/sums.h"

#define EVIDENCE_UNNAMED_BUILDS_MAX \
	64u /* those that are met first; the others count in the total */

struct evidence_unnamed_build {
	struct view build_id, file; /* either may be "" */
	uint64_t frames;            /* that occur, each once in a dictionary */
	int64_t total;              /* of the stacks that have any of them */
};

struct evidence_unnamed {
	int64_t total; /* of the stacks that have a frame without a name */
	uint64_t frames;
	struct evidence_unnamed_build builds[EVIDENCE_UNNAMED_BUILDS_MAX];
	size_t n;
	struct strings texts;
};

struct latenames;

/* Whose they are, and who may have names for them by now (debuginfo/latenames.h); may be NULL. */
struct evidence_unnamed_options {
	struct latenames *late;
	struct view tenant;
	struct budget *budget;
};

/* Adds the stacks of one dictionary, whose totals are made. */
int evidence_unnamed_add(struct evidence_unnamed *unnamed, const struct sums *sums,
	const struct evidence_unnamed_options *options, struct err *err);

/* The builds in order, the largest first. */
void evidence_unnamed_sort(struct evidence_unnamed *unnamed);
void evidence_unnamed_fini(struct evidence_unnamed *unnamed);

#endif
