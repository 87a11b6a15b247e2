/*
 * intake: where all ways in meet: profiles of one request, held against the limits and appended to
 * the store, all or none.
 */
#ifndef INGEST_INTAKE_H
#define INGEST_INTAKE_H

#include <stdatomic.h>

#include "base/hash.h"
#include "ingest/labelset.h"
#include "ingest/readroom.h"
#include "model/profile.h"
#include "store/store.h"

struct intake;

struct intake_profile {
	struct view name;        /* "process_cpu"; in the batch's arena or the profile */
	struct labelset labels;  /* with service_name */
	struct profile *profile; /* owned by the batch; with a time */
	struct hash128 id;       /* the same again is the same profile */
	bool samples_count_more; /* what a sample says replaces a label of the whole profile */
};

/* What one request brings. */
struct intake_batch {
	struct arena arena;
	struct intake_profile *at; /* owned */
	size_t n, cap;
	size_t bytes;              /* of all profiles, unpacked */
	size_t n_cut;              /* samples with stacks that were too deep */
	struct readroom_seat seat; /* who fills it sets the room: intake_room */
	bool failed;
};

void intake_batch_fini(struct intake_batch *batch);

/* Takes the profile over, also when it fails: NULL without memory. Its labels are empty. */
struct intake_profile *intake_batch_add(struct intake_batch *batch, struct profile *profile);

/* Takes the last one out again. */
void intake_batch_drop(struct intake_batch *batch);

/* Whether one profile alone would be taken: it has a service, a name and types, its labels and its
 * time are within the limits. ERR_USAGE with a refusal. */
int intake_check(
	const struct limits *limits, const struct intake_profile *item, struct refusal *refusal);

/* The limits are copied; the store outlives the intake. NULL without memory. */
struct intake *intake_new(struct store *store, const struct limits *limits);
void intake_free(struct intake *intake);
const struct limits *intake_limits(const struct intake *intake); /* good until intake_free */

/* Room for what is being read, for the seats of batches; without a bound until one is set, before
 * the first is read. */
struct readroom *intake_room(struct intake *intake);
void intake_bound(struct intake *intake, size_t bytes_max, struct budget_pool *lender);

/* For what comes from now on. False without memory: then nothing has changed. */
bool intake_replace_limits(struct intake *intake, const struct limits *limits);

/* The receipt is as in store_append: done is called when all is on disk, and only if this returns
 * 0. Else ERR_USAGE with a refusal, and nothing was kept. */
int intake_take(struct intake *intake, struct view tenant, const struct intake_batch *batch,
	const struct store_receipt *receipt, struct refusal *refusal);

struct intake_figures {
	uint64_t profiles, samples, bytes; /* taken */
	uint64_t labels_left_out, stacks_cut;
	size_t tenants, series, bytes_reading;
};
void intake_figures(struct intake *intake, struct intake_figures *ret);

#endif
