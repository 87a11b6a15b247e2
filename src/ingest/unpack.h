/*
 * unpack: bytes of a stranger's as a profile that keeps within a tenant's limits.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "ingest/limits.h"
#include "ingest/readroom.h"
#include "ingest/refusal.h"
#include "model/profile.h"

struct unpacked {
	struct profile *profile; /* owned by the caller */
	size_t bytes;            /* that it had, not zipped */
	size_t n_cut;            /* samples whose stack was cut at limits.depth */
	bool is_recording;       /* of Java: several profiles, which jfrmessage.h reads */
};

struct unpack_packed {
	struct view bytes;          /* may be zipped */
	struct view format;         /* a codec's name, "lines", "tree" or "trie"; "" = guessed */
	struct readroom_seat *seat; /* who reads it; NULL = without a bound */
};

/* ERR_USAGE with a refusal; of a recording ERR_UNSUPPORTED without one. */
int unpack_profile(const struct unpack_packed *packed, const struct limits *limits,
	struct unpacked *ret, struct refusal *refusal);

/* Holds a profile that is decoded already against limits.samples, and cuts its stacks at
 * limits.depth: ret->profile is replaced then. ERR_USAGE with a refusal. */
int unpack_within(struct unpacked *ret, const struct limits *limits, struct refusal *refusal);

#endif
