/*
 * thread_record: what a thread of another process says that it works on: OpenTelemetry's thread
 * context (OTEP 4947), as a sample carries it.
 *
 *     0 trace id 16  16 span id 8  24 valid u8  25 flags u8  26 bytes of attributes u16
 *     28 attributes: {number of the key u8, length u8, bytes} …; of equal keys the last one holds
 */
#ifndef SAMPLER_THREAD_RECORD_H
#define SAMPLER_THREAD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"
#include "bpf/sample_abi.h"

#define THREAD_RECORD_LABELS_MAX 16u

struct foreign_context;

struct thread_record_label {
	struct view key, value;
};

struct thread_record {
	char trace_id[33], span_id[17]; /* hex; "" = none */
	struct thread_record_label labels[THREAD_RECORD_LABELS_MAX];
	size_t n_labels;
	bool has_unknown_keys; /* numbers that `context` has no name for */
};

/* What the bytes say, with the names of `context` (may be NULL: then there are no labels). Borrows
 * from both. False if it says nothing. */
bool thread_record_decode(
	struct view bytes, const struct foreign_context *context, struct thread_record *ret);

#endif
