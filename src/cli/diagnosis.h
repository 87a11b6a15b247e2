/*
 * diagnosis: what the findings about a machine come to, for people and for programs.
 */
#ifndef CLI_DIAGNOSIS_H
#define CLI_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "sampler/preflight.h"

struct diagnosis {
	const struct preflight_finding *findings;
	size_t count;
	bool bpf, perf; /* nothing that this way of sampling needs is missing */
};

void diagnosis_make(const struct preflight_finding *findings, size_t count, struct diagnosis *ret);

/* One sentence or two. */
const char *diagnosis_verdict(const struct diagnosis *diagnosis);

/* The verdict, and each finding with its meaning; advice where it is not ok. */
void diagnosis_text(const struct diagnosis *d, bool colours, bool utf8, struct buf *out);
void diagnosis_json(const struct diagnosis *d, struct buf *out);

#endif
