/*
 * listener: where the endpoint listens: "HOST:PORT" or "unix:PATH".
 *
 * Hosts are addresses, or localhost: names are not looked up, because that can load libraries into
 * the program and read its network's configuration.
 */
#ifndef INPROC_LISTENER_H
#define INPROC_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct listener {
	int fd;
	uint16_t port;    /* 0 for a unix socket */
	bool is_loopback; /* only this machine reaches it; of a unix socket, only this user */
	char path[108];   /* of a unix socket, else ""; to be removed when it is closed */
};

/* The descriptor is the caller's. ERR_DENIED if the port or path is taken. "%p" in a path becomes
 * the pid. */
int listener_open(const char *where, struct listener *ret, struct err *err);

#endif
