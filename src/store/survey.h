/*
 * survey: all that the files of a store say, read once and held against one another: series,
 * dictionaries, blocks, rows. What makes no sense is a finding; what does is handed on.
 */
#ifndef STORE_SURVEY_H
#define STORE_SURVEY_H

#include "base/map.h"
#include "model/strings.h"
#include "store/dictionary_write.h"
#include "store/findings.h"
#include "store/series_info.h"
#include "store/strata.h"

struct survey_series {
	char *bytes; /* owned */
	size_t len;
	struct series_info info;
	bool is_kept; /* by who repairs */
};

struct survey_dictionary {
	size_t n_nodes;   /* stacks that it has */
	uint32_t highest; /* stack that a sample has */
	bool is_gone;     /* samples need it, and no piece of it is left */
};

struct survey {
	struct strata *strata;
	struct findings *findings;

	/* Each may be NULL; what is not 0 ends the survey. Blocks (roll-ups too) and rows are those
	 * of series that are known, and in order; a dictionary has what was lost of it filled. */
	int (*dictionary)(void *owner, struct view name, const struct store_dictionary *dictionary);
	int (*block)(void *owner, struct view key, struct view value);
	int (*row)(void *owner, struct view key, struct view value);
	void *owner;

	/* What there is that makes sense. */
	uint64_t n_series, n_days, n_dictionaries, n_blocks, n_rolled, n_rows, n_profiles;

	/* private */
	struct map of_series; /* -> struct survey_series *, owned */
	struct strings names; /* of dictionaries, as their keys begin; number i is at[i - 1] */
	struct survey_dictionary *dictionaries; /* owned */
	size_t n_names, cap_names;
	struct store_dictionary *open; /* owned; the one whose deltas are read */
	uint32_t open_name;
	bool open_is_damaged;
	uint64_t n_nameless, n_orphans;
};

/* Once; finish with survey_fini, also after an error. */
int survey_run(struct survey *survey, struct err *err);
void survey_fini(struct survey *survey);

/* The dictionary of a series in a week, made if there was none; NULL without memory. */
struct survey_dictionary *survey_dictionary_of(
	struct survey *survey, const struct survey_series *series, uint32_t week);
struct survey_series *survey_series_of(struct survey *survey, uint32_t id);

#endif
