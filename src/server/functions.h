/*
 * functions: the table of functions, and one function's callers, callees and lines, as JSON.
 *
 * The numbers are those of model/top, model/peek and model/annotate, so of `flyover report` and of
 * `go tool pprof`. Label values at the root of a picture are no functions: grouping changes nothing
 * here. A document without a server counts the same from its picture (web/src/model/count.ts), but
 * for negative values and for stacks deeper than a picture is.
 */
#ifndef SERVER_FUNCTIONS_H
#define SERVER_FUNCTIONS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

#define FUNCTIONS_TOP_MAX 50000 /* rows: the largest by total */
#define FUNCTIONS_PEEK_MAX 2000 /* neighbours on either side, the largest */

/* {"rows":[[name, module, kind, family, self, total] …],"left_out":n} */
int functions_top(const struct profile *profile, size_t type, struct buf *out, struct err *err);

/* {"self":n,"total":n,"callers":[[name, value] …],"callees":[…]}: zeros and nobody of a name that
 * no frame has. */
int functions_peek(const struct profile *profile, size_t type, struct view name, struct buf *out,
	struct err *err);

#define FUNCTIONS_LINES_MAX 5000 /* the first, in the order of the source */

/* {"self":n,"total":n,"lines":[[file, line, self, total] …],"left_out":n}; a file or line that is
 * not known is "" or 0. */
int functions_lines(const struct profile *profile, size_t type, struct view name, struct buf *out,
	struct err *err);

#endif
