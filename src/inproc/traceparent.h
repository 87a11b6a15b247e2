/*
 * traceparent: the header of W3C Trace Context (https://www.w3.org/TR/trace-context/).
 *
 *     version "-" trace id "-" parent id "-" flags      2, 32, 16 and 2 lower-case hex digits
 */
#ifndef INPROC_TRACEPARENT_H
#define INPROC_TRACEPARENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

struct traceparent {
	uint8_t trace_id[16], span_id[8], flags;
};

#define TRACEPARENT_LEN 55

/* ERR_CORRUPT unless it is one with ids that are not all zero. A later version may have more behind
 * the flags. */
int traceparent_parse(struct view text, struct traceparent *ret, struct err *err);
void traceparent_format(const struct traceparent *from, char ret[TRACEPARENT_LEN + 1]);

#endif
