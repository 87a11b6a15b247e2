/*
 * store: profiles kept, and asked for again. What every store can do.
 *
 * A series is a tenant, a name of profiles ("process_cpu"), a set of labels with service_name among
 * them, and the types of its profiles; these follow one another in time. Profiles with other types
 * are another series, which may have the same labels. Samples have a stack, one value for each type
 * (any int64_t; sums saturate) and, if they have the text labels trace_id or span_id in hex, the
 * span that they belong to; other labels of samples are not kept: who wants them makes series of
 * them. Samples whose values are all 0 are not kept.
 *
 * Stacks are named by dense numbers in a dictionary, of which each service has one for a week of
 * profiles (an epoch). Whoever asks sums values by those numbers, and asks for names last. Every
 * function may be called from several threads at once.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/err.h"
#include "base/view.h"
#include "model/profile.h"
#include "store/matcher.h"

struct store;
void store_close(struct store *store); /* what was acknowledged is safe already */
struct latenames; /* who has names for frames that came as addresses; borrowed */
void store_set_names(struct store *store, struct latenames *names);
struct latenames *store_names(const struct store *store);

struct store_label {
	struct view name, value;
};

struct store_labels { /* sorted by name, each name once, no empty value */
	const struct store_label *at;
	size_t n;
};

/* ---- in -------------------------------------------------------------------------------------- */

struct store_entry {
	struct view tenant; /* "" where there is only one */
	struct view name;   /* of such profiles: "process_cpu", "memory", "block" */
	struct store_labels labels;
	uint8_t id[16];                /* with the same series and time: the same, kept once */
	const struct profile *profile; /* with a time */
	const uint32_t *samples;       /* those of the profile that belong here; NULL = all */
	size_t n_samples;
};

/* `done` is called once, from any thread, with 0 when all entries are on disk: not before. */
struct store_receipt {
	void (*done)(void *owner, int code, const struct err *err);
	void *owner;
};

/* All entries are kept, or none. The entries are borrowed for the call alone. When the call itself
 * fails, `done` is not called. ERR_LIMIT: the store is full, or does not keep up: try again. */
int store_append(struct store *store, const struct store_entry *entries, size_t n,
	const struct store_receipt *receipt, struct err *err);

/* ---- out ------------------------------------------------------------------------------------- */

struct store_type {
	struct view name, type, unit, period_type, period_unit;
};

struct store_series {
	uint64_t id; /* the same for the same series while the store is open */
	struct store_labels labels;
	struct view name;
	const struct store_type *types;
	size_t n_types;
};

struct store_select {
	struct view tenant;
	struct store_type type; /* all of it; for questions about labels may be zero = any */
	const struct matcher *matchers; /* all of them hold */
	size_t n_matchers;
	int64_t from_ns, to_ns;      /* profiles begin in it; of traces and spans: meet it */
	struct view label;           /* store_find_values: of this one */
	const uint8_t (*traces)[16]; /* samples of one of these; NULL = of any */
	size_t n_traces;
	const uint8_t (*spans)[8];
	size_t n_spans;
	struct budget *budget; /* asked whether to go on, often; NULL = always */
};

#define STORE_LONGEST_NS ((int64_t)3600 * 1000000000) /* of a profile with traces, for that */
struct store_span {
	uint8_t trace_id[16], span_id[8];
};

/* A profile of one series, or several merged. Good during the call. */
struct store_part {
	const struct store_series *series;
	int64_t begin_ns, end_ns; /* of the first profile and the last one's end */
	uint32_t n_profiles;
	int64_t total;                             /* of the type asked for; with its sign */
	const struct store_dictionary *dictionary; /* NULL if only totals were asked for; then: */
	const uint32_t *stacks; /* ascending; with spans a stack may come more than once */
	const int64_t *values;
	const uint32_t *span_of; /* spans[span_of[i] - 1], 0 = none; NULL unless asked for */
	size_t n;
	const struct store_span *spans;
	size_t n_spans;
};

enum store_detail { STORE_TOTALS, STORE_STACKS, STORE_SPANS };

struct store_scan {
	const struct store_select *select;
	enum store_detail detail;
	bool apart;      /* each profile alone; with traces or spans only those that have some */
	int64_t step_ns; /* else no part crosses from_ns + k × step_ns, k > 0; 0 = no steps */
	int (*part)(void *owner, const struct store_part *part); /* not 0 ends the scan with it */
	void *owner;
};

/* Parts come series by series, each in time order; there may be several for one step. `part` must
 * not append. */
int store_scan(struct store *store, const struct store_scan *scan, struct err *err);

/* Each calls `each` until it returns something else than 0, and returns that. Results are those of
 * days that meet [from, to). Names and values come sorted, once each. */
int store_find_series(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err);
int store_find_types(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_type *type), void *owner, struct err *err);
int store_find_names(struct store *store, const struct store_select *select,
	int (*each)(void *owner, struct view name), void *owner, struct err *err);
int store_find_values(struct store *store, const struct store_select *select,
	int (*each)(void *owner, struct view value), void *owner, struct err *err);

struct store_figures {
	int64_t oldest_ns, newest_ns; /* 0 = empty */
	uint64_t profiles, samples, bytes_on_disk, bytes_in_memory, duplicates;
	size_t series, label_values, bytes_of_index; /* of which days that are kept have profiles */
	uint64_t damaged; /* stretches of a series that cannot be read, and are left as they are */
	char trouble[ERR_TEXT_MAX]; /* why nothing is taken now; "" = all is well */
	uint64_t failures; /* of what a store does by itself: folding, dropping, writing again */
};
void store_figures(struct store *store, struct store_figures *ret);

#endif
