/* step: which step of a range a time is in. */
#ifndef STORE_STEP_H
#define STORE_STEP_H

#include "store/store.h"

/* What is before the range is in the first one. */
static inline size_t step_of(const struct store_select *select, int64_t step_ns, int64_t time_ns)
{
	return time_ns <= select->from_ns ? 0 : (size_t)((time_ns - select->from_ns) / step_ns);
}

#endif
