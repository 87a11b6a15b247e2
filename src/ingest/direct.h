/*
 * direct: a profile as a person sends it with curl: any format we read, and what it is in the
 * query.
 *
 *     curl --data-binary @cpu.pb.gz 'http://…/api/v1/profiles?service=shop&label=region%3Deu'
 */
#ifndef INGEST_DIRECT_H
#define INGEST_DIRECT_H

#include "ingest/intake.h"

struct direct_request { /* borrowed; empty = not given */
	struct view service, type, from, until, format, body;
	struct view key;         /* two requests with the same are the same */
	struct labelset *labels; /* of the query's "label" arguments */
	int64_t now_ns;
};

/* "region=eu" into the labels. ERR_USAGE with a refusal. */
int direct_label(struct labelset *labels, struct view text, struct refusal *refusal);

/* Fills the batch; ERR_USAGE with a refusal. */
int direct_read(const struct direct_request *request, const struct limits *limits,
	struct intake_batch *batch, struct refusal *refusal);

#endif
