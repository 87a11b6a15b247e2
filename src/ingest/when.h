/*
 * when: the times that Pyroscope's clients write: now, now-3h, 20261128, or seconds, milliseconds,
 * microseconds or nanoseconds since 1970, told apart by their size.
 */
#ifndef INGEST_WHEN_H
#define INGEST_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"

bool when_parse(struct view text, int64_t now_ns, int64_t *ret_ns);

#endif
