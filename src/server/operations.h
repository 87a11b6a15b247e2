/*
 * operations: what those who run the server ask it.
 *
 *     GET /healthz, /-/healthy   200 while the process answers
 *     GET /readyz, /-/ready      200 if it takes and answers everything, else 503 with the reasons
 *     GET /metrics               Prometheus' text format
 */
#ifndef SERVER_OPERATIONS_H
#define SERVER_OPERATIONS_H

#include "server/router.h"

struct operations {
	struct metrics *metrics;
	/* Adds a line for each reason why the server is not ready. */
	void (*reasons)(void *owner, struct buf *out);
	/* Adds a line for each thing that should be looked at, though it is ready; or NULL. */
	void (*notes)(void *owner, struct buf *out);
	void *owner;
};

struct router_table operations_table(struct operations *operations);

/* What is known of this process and of its version. */
void operations_write_process(const char *version, struct buf *out);

#endif
