/* record_summary: what a recording found, for a person or for a script. */
#ifndef CLI_RECORD_SUMMARY_H
#define CLI_RECORD_SUMMARY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"
#include "sampler/sampler.h"

struct record_summary {
	const struct profile *profile; /* borrowed, as is the rest */
	const char *const *files;      /* that were written */
	size_t n_files;
	uint64_t own_cpu_ns; /* of Flyover, from its start on */
	struct sampler_stats sampler;
	struct symbol_stats symbols;
};

/* The function that was found running most often. */
struct record_hottest {
	struct buf text; /* owned: its name (name_len bytes), then its module */
	size_t name_len;
	uint64_t samples, of; /* of all samples */
	struct buf path;      /* owned; "main → work → spin": its commonest stack, root first */
};

/* False if the profile has no samples; nothing is to be freed then. */
bool record_summary_hottest(const struct profile *profile, struct record_hottest *ret);
void record_summary_hottest_fini(struct record_hottest *hottest);

void record_summary_text(const struct record_summary *summary, struct buf *out);
void record_summary_json(const struct record_summary *summary, struct buf *out);

#endif
