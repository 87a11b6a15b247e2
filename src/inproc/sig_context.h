/*
 * sig_context: what a thread is working on: its trace and its labels, where handlers and profilers
 * outside of the process find them.
 *
 * The layout is OpenTelemetry's thread context (OTEP 4947), found from outside through the dynamic
 * symbol otel_thread_ctx_v1:
 *
 *     0  trace id 16   16  span id 8   24  valid   25  trace flags   26  bytes of attributes u16
 *     28 attributes: {key u8, length u8, bytes} …; of equal keys the last one holds
 *
 * A reader interrupts the thread that writes, so compiler fences suffice. Labels are only ever
 * added at the end and taken away from there: they are stored before the size that covers them.
 */
#ifndef INPROC_SIG_CONTEXT_H
#define INPROC_SIG_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#define SIG_CONTEXT_ATTRS_MAX 612 /* 640 bytes in all, as the OTEP advises */
#define SIG_CONTEXT_VALUE_MAX 255

struct sig_context {
	uint8_t trace_id[16], span_id[8];
	uint8_t valid; /* 1, or the rest is being changed */
	uint8_t flags;
	uint16_t attrs_size;
	uint8_t attrs[SIG_CONTEXT_ATTRS_MAX];
};

_Static_assert(sizeof(struct sig_context) == 640, "as OTEP 4947 lays it out");

/* The calling thread's; NULL until it has something to say. */
extern __thread struct sig_context *otel_thread_ctx_v1 __attribute__((tls_model("initial-exec")));

/* All zeros for `trace_id` and `span_id`: none. */
void sig_context_set_trace(struct sig_context *context, const uint8_t trace_id[16],
	const uint8_t span_id[8], uint8_t flags);

/* Adds a label; what does not fit is left out. Returns what to give to sig_context_restore. */
unsigned sig_context_add(struct sig_context *context, uint8_t key, const char *value, size_t len);
void sig_context_restore(struct sig_context *context, unsigned mark);

/* A copy for a sample: false if the thread has no context or is changing it. `attrs` has
 * SIG_CONTEXT_ATTRS_MAX bytes. */
struct sig_context_copy {
	uint8_t trace_id[16], span_id[8];
	uint16_t attrs_size;
};

int sig_context_copy(struct sig_context_copy *ret, uint8_t *attrs);

#endif
