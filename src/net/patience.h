/*
 * patience: ends connections that take too long, however often they send or take a byte.
 *
 * A server's own time limit starts anew with every byte, so a client that is slow on purpose keeps
 * its connection for ever. Here each connection has one time by which it must have finished what it
 * is at; one that is late is shut down, and the server notices that by itself.
 */
#ifndef NET_PATIENCE_H
#define NET_PATIENCE_H

#include <stdint.h>

struct patience;
struct patient;

/* Starts a thread. NULL without memory. */
struct patience *patience_new(void);

/* No connection may be left in it; NULL is fine. */
void patience_free(struct patience *patience);

/* From now on `fd` has time_ms. NULL without memory. */
struct patient *patience_add(struct patience *patience, int fd, uint64_t time_ms);

/* Counted from now on; what was left of the time before is gone. */
void patience_extend(struct patience *patience, struct patient *patient, uint64_t time_ms);

/* Before fd is closed: its number may be another connection's then. NULL is fine. */
void patience_remove(struct patience *patience, struct patient *patient);

#endif
