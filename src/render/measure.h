/*
 * measure: a value with its unit, as `go tool pprof` writes them: "1.50s", "512kB", "17".
 *
 * Times go from ns to hours, sizes from B to PB in steps of 1024; anything else keeps its
 * number and its unit, and counts have none.
 */
#ifndef RENDER_MEASURE_H
#define RENDER_MEASURE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

struct measure {
	const char *unit; /* as printed; NULL: the profile's own */
	double per;       /* this many of the profile's units */
};

/* The largest unit in which `value` is at least 1. */
struct measure measure_for(int64_t value, struct view unit);

/* The unit for a table: that of the smallest of its values that is not 0, or a larger one if the
 * largest is more than a hundred times it. */
struct measure measure_for_table(uint64_t smallest, uint64_t largest, struct view unit);

/* "1.50s"; "0" has no unit. */
void measure_add(struct buf *out, int64_t value, struct measure measure, struct view unit);

/* How many nanoseconds `unit` has; 0 if it is no time. */
double measure_nanoseconds(struct view unit);

/* "  100%", "25.56%", "  0.9%": six columns. */
void measure_add_percent(struct buf *out, double value, double whole);

#endif
