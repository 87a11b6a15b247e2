/*
 * process_context: what profilers outside need to read our threads' contexts.
 *
 * OpenTelemetry's process context (OTEP 4719): an anonymous mapping named OTEL_CTX that begins with
 *
 *     0 "OTEL_CTX"  8 version 2 u32  12 size of the payload u32  16 when it was published, in
 *     CLOCK_BOOTTIME ns, 0 while it changes u64  24 address of the payload u64
 *
 * The payload is protobuf: resource = 1 {attributes = 1}, attributes = 2, each a {key = 1, value =
 * 2} with a value {string_value = 1} or {array_value = 5 {values = 1}}. It says which schema the
 * threads' contexts follow and the names of their keys, in order.
 */
#ifndef INPROC_PROCESS_CONTEXT_H
#define INPROC_PROCESS_CONTEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Publishes it, or its present state anew: after a key was added or the process's labels changed.
 */
int process_context_publish(struct err *err);

/* Says there, as "flyover.pushes" = "cpu", whether the process sends CPU profiles of itself, so
 * that a sampler outside does not count them twice; publishes it. */
void process_context_set_pushes(bool pushes);

/* The payload as it would be published now. */
void process_context_payload(struct buf *out);

/* In the child of a fork, which has no such mapping (MADV_DONTFORK): publishes it there, too. */
void process_context_after_fork(void);

#endif
