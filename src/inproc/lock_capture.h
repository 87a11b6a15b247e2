/*
 * lock_capture: the waits of this process since recording began, as two profiles.
 *
 *   block   where threads waited: contentions, delay
 *   mutex   which holders of locks made others wait: the stack is that of the unlock
 *
 * Both only ever grow, as Go's do, up to LOCK_CAPTURE_SAMPLES_MAX different samples each: from half
 * of that on without traces, then into one stack. On the engine's thread only.
 */
#ifndef INPROC_LOCK_CAPTURE_H
#define INPROC_LOCK_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "inproc/engine.h"
#include "inproc/kind.h"
#include "inproc/lock_record.h"

#define LOCK_CAPTURE_RATE_NS 100000
#define LOCK_CAPTURE_RATE_NS_MAX UINT64_C(3600000000000)
#define LOCK_CAPTURE_SAMPLES_MAX 65536

/* ERR_LIMIT if it is on already. rate_ns 0 = LOCK_CAPTURE_RATE_NS. Begins with empty profiles. */
int lock_capture_start(uint64_t rate_ns, struct err *err);

/* What was recorded can still be taken. ERR_USAGE if it is off. */
int lock_capture_stop(struct err *err);

bool lock_capture_running(void);

/* With names; *ret is owned by the caller. ERR_USAGE if nothing was ever recorded. */
int lock_capture_take(enum lock_record_kind kind, struct profile **ret, struct err *err);

extern const struct kind lock_capture_block, lock_capture_mutex;
extern const struct engine_part lock_capture_part;

#endif
