/*
 * address: HOST:PORT as typed, and the socket that listens there.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define ADDRESS_HOST_MAX 256

struct address {
	char host[ADDRESS_HOST_MAX]; /* without the brackets of an IPv6 address */
	uint16_t port;
};

/* "127.0.0.1:9090", "localhost:0", "[::1]:9090", ":9090" (loopback). ERR_USAGE with a sentence. */
int address_parse(const char *text, struct address *ret, struct err *err);

/* Whether only this machine can reach it: localhost, 127.0.0.0/8, ::1. */
bool address_is_loopback(const struct address *address);

/* "SCHEME://HOST:PORT/"; of a scheme with up to 8 letters. */
#define ADDRESS_URL_MAX (ADDRESS_HOST_MAX + 24)
void address_url(const struct address *address, const char *scheme, char ret[ADDRESS_URL_MAX]);

/* A listening TCP socket; port 0 lets the kernel choose. *ret_port is the real one. Returns the
 * descriptor, owned by the caller, or an error; *ret_taken says that the port is in use. */
int address_listen(
	const struct address *address, uint16_t *ret_port, bool *ret_taken, struct err *err);

#endif
