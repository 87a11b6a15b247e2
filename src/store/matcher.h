/*
 * matcher: one condition on a label, as PromQL has them: = != =~ !~.
 *
 * A label that is not there has the value "". Regular expressions are anchored at both ends, and
 * bounded in their steps as model/pattern.h says. A matcher serves one thread at a time.
 */
#ifndef STORE_MATCHER_H
#define STORE_MATCHER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/view.h"
#include "model/pattern.h"

enum matcher_op { MATCHER_IS, MATCHER_IS_NOT, MATCHER_LIKE, MATCHER_NOT_LIKE };

struct matcher {
	struct view name, value; /* borrowed */
	enum matcher_op op;
	char *text;              /* owned; the expression with its anchors */
	struct pattern *pattern; /* owned; of the last two kinds */
};

/* Compiles the expression, if there is one. ERR_USAGE if it is none. Finish with matcher_fini, also
 * after an error. */
int matcher_init(struct matcher *matcher, struct err *err);
void matcher_fini(struct matcher *matcher);

bool matcher_holds(const struct matcher *matcher, struct view value);

/* ERR_LIMIT if the expression ever gave up on a value: what it said since is worth nothing. */
int matcher_check(const struct matcher *matcher, struct err *err);

#endif
