/*
 * top: what each function costs, itself and with all it calls.
 *
 * A function that is on a stack several times (recursion) counts once for that stack's total.
 * Values are signed: in a profile less its base, a row may be negative.
 */
#ifndef MODEL_TOP_H
#define MODEL_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/frames.h"
#include "model/profile.h"

enum top_inlined { TOP_CALLED, TOP_PARTLY_INLINED, TOP_INLINED };

struct top_row {
	uint32_t name, module;         /* in top->names */
	uint8_t kind;                  /* enum frame_kind: the lowest of its frames' */
	uint8_t inlined;               /* enum top_inlined: into its callers */
	int64_t self, total;           /* saturating sums */
	int64_t base_self, base_total; /* of options->base_type, else 0 */
};

struct top {
	struct strings names;
	uint32_t n_sorted;    /* name ids below this are in code point order */
	struct top_row *rows; /* owned; only functions that are on a stack with a value */
	size_t n_rows;
	int64_t whole; /* the sum of |value| over all samples */
	int64_t base_whole;
};

enum top_order { TOP_BY_SELF, TOP_BY_TOTAL, TOP_BY_CHANGE };

struct top_options {
	size_t type;
	int base_type; /* -1 = none */
	enum frames_granularity granularity;
	enum top_order order; /* largest size first, equal ones by name; by change: of the total */
};

/* Finish with top_fini, also after an error. */
int top_build(const struct profile *profile, const struct top_options *options, struct top *ret,
	struct err *err);
void top_fini(struct top *top);

#endif
