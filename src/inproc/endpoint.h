/*
 * endpoint: /debug/pprof/ over HTTP/1.1, with Go's paths, parameters, headers and errors.
 *
 * Everything runs on the engine's thread. Limits: 32 connections, 16 KiB a request, 10 s for a
 * request to arrive, 30 s without progress for an answer to leave, one request a connection.
 */
#ifndef INPROC_ENDPOINT_H
#define INPROC_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/engine.h"

#define ENDPOINT_CONNECTIONS_MAX 32
#define ENDPOINT_TOKEN_MAX 256

struct endpoint_options {
	const char *where;
	const char *token; /* NULL = none; copied */
	bool show_cmdline;
};

/* ERR_USAGE if there is one already, ERR_DENIED for a taken port, or for an address that others
 * reach without a token. */
int endpoint_open(const struct endpoint_options *options, struct err *err);
void endpoint_close(void);

uint16_t endpoint_port(void); /* 0 = none */
bool endpoint_is_open(void);

extern const struct engine_part endpoint_part;

#endif
