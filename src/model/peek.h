/*
 * peek: who calls a function, and whom it calls, with what passes along each edge.
 *
 * An edge counts once for each stack, however often it recurs there; a function that calls
 * itself is no edge of its own. The values are pprof's (`peek`): callers add up to the total
 * less what starts in the function itself.
 */
#ifndef MODEL_PEEK_H
#define MODEL_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/frames.h"
#include "model/profile.h"

struct peek_edge {
	uint32_t name, module; /* in peek->names */
	uint8_t kind;          /* enum frame_kind */
	int64_t value;
};

struct peek {
	struct strings names;
	struct peek_edge *callers, *callees; /* owned; largest first, equal ones by name */
	size_t n_callers, n_callees;
	int64_t self, total;
	int64_t whole;     /* the sum of |value| over all samples */
	bool is_recursive; /* it is more than once on some stack */
};

struct peek_options {
	struct view name; /* of the function, as `granularity` shows it */
	size_t type;      /* index of the sample type */
	enum frames_granularity granularity;
};

/* ERR_NOT_FOUND: no stack has a function of that name. Finish with peek_fini, also after an error.
 */
int peek_build(const struct profile *profile, const struct peek_options *options, struct peek *ret,
	struct err *err);
void peek_fini(struct peek *peek);

#endif
