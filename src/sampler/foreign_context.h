/*
 * foreign_context: what another process says about itself: OpenTelemetry's process context (OTEP
 * 4719), as it lies in its memory.
 *
 *     0 "OTEL_CTX"  8 version 2 u32  12 size of the payload u32  16 when it was published, in
 *     CLOCK_BOOTTIME ns, 0 while it changes u64  24 address of the payload u64
 *
 * at the start of a mapping that is named OTEL_CTX, or has no name. The payload is protobuf:
 * resource = 1 {attributes = 1}, attributes = 2, each {key = 1, value = 2} with a value
 * {string_value = 1} or {array_value = 5 {values = 1}}. All of it is a stranger's: sizes are
 * bounded, names that are none are left out.
 */
#ifndef SAMPLER_FOREIGN_CONTEXT_H
#define SAMPLER_FOREIGN_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"

#define FOREIGN_CONTEXT_BYTES_MAX 65536u /* of a payload */
#define FOREIGN_CONTEXT_KEYS_MAX 256u
#define FOREIGN_CONTEXT_RESOURCES_MAX 16u
#define FOREIGN_CONTEXT_NAME_MAX 128u
#define FOREIGN_CONTEXT_VALUE_MAX 255u

struct foreign_resource {
	struct view key, value;
};

struct foreign_context {
	struct arena arena; /* of all texts */
	uint64_t address;   /* of the mapping; 0 = none found */
	uint64_t published_ns;
	bool has_threads;  /* its threads keep records of a schema that we know */
	bool pushes_cpu;   /* it sends CPU profiles of itself to a server */
	struct view *keys; /* of those records, by number; empty = a name that is none */
	size_t n_keys;
	struct foreign_resource resources[FOREIGN_CONTEXT_RESOURCES_MAX];
	size_t n_resources;
};

/* Finds and reads it. ERR_NOT_FOUND if there is none, ERR_CORRUPT if it is none, ERR_IO while it
 * changes; *ret is empty then. foreign_context_fini in any case. */
int foreign_context_read(pid_t pid, struct foreign_context *ret, struct err *err);
void foreign_context_fini(struct foreign_context *context);

/* Whether it was published anew since, or is gone. */
bool foreign_context_is_old(pid_t pid, const struct foreign_context *context);

/* What a payload says. */
int foreign_context_decode(struct view payload, struct foreign_context *ret, struct err *err);

/* The resource's attribute, or empty. */
struct view foreign_context_resource(const struct foreign_context *context, struct view key);

/* Reads another process's memory whole; false if it cannot. */
bool foreign_context_peek(pid_t pid, uint64_t address, void *into, size_t len);

#endif
