/*
 * pyroscope_formats: a profile in the forms that querier.v1 answers in.
 */
#ifndef SERVER_PYROSCOPE_FORMATS_H
#define SERVER_PYROSCOPE_FORMATS_H

#include "model/profile.h"
#include "server/pyroscope_request.h"

#define PYROSCOPE_NODES_DEFAULT 8192
#define PYROSCOPE_NODES_MAX (1 << 20)
#define PYROSCOPE_FUNCTIONS_DEFAULT 100 /* of a call graph */

/* How many nodes a request wants. ERR_USAGE past PYROSCOPE_NODES_MAX. */
int pyroscope_formats_nodes(const struct pyroscope_request *request, size_t *ret, struct err *err);

/* Appends the field of SelectMergeStacktracesResponse for the request's format. */
int pyroscope_formats_put(const struct pyroscope_request *request, const struct profile *profile,
	struct buf *reply, struct err *err);

/* A google.v1.Profile, and the text of a call graph of at most so many functions; alone. */
int pyroscope_formats_pprof(const struct profile *profile, struct buf *out, struct err *err);
int pyroscope_formats_dot(
	const struct profile *profile, size_t functions_max, struct buf *out, struct err *err);

#endif
