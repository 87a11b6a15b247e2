/*
 * pyroscope_status: querier.v1's questions about the store itself: since when it has profiles, and
 * how much a query would look at.
 */
#ifndef SERVER_PYROSCOPE_STATUS_H
#define SERVER_PYROSCOPE_STATUS_H

#include "server/connect.h"

/* The owner is the store. The oldest and the newest time may be those of whole days. */
extern const struct connect_method pyroscope_status_stats, pyroscope_status_analyze;

#endif
