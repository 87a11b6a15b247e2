/*
 * push_client: one POST after another to one server, HTTP/1.1 by hand, each within its time.
 *
 * For the sender's thread alone: it waits. A connection is kept for the next profile; one that the
 * server has closed meanwhile is made anew without counting as a failure.
 */
#ifndef INPROC_PUSH_CLIENT_H
#define INPROC_PUSH_CLIENT_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/own_fd.h"
#include "inproc/push_target.h"

struct push_item;

#define PUSH_CLIENT_CONNECT_NS UINT64_C(5000000000)
#define PUSH_CLIENT_EXCHANGE_NS UINT64_C(30000000000)

struct push_client {
	struct push_target target;
	char headers[1024]; /* credentials and tenant: whole lines, or "" */
	_Atomic uint64_t
		until_ns; /* no exchange lasts longer than this monotonic time; 0 = no limit */
	struct own_fd fd;
};

/* `token` and `tenant` may be NULL or "". */
int push_client_init(struct push_client *client, const char *url, const char *token,
	const char *tenant, struct err *err);

enum push_client_result {
	PUSH_CLIENT_DONE,    /* the server has it */
	PUSH_CLIENT_LATER,   /* try again: nobody there, no answer, too busy, not let in */
	PUSH_CLIENT_REFUSED, /* the server will never take this one */
};

/* *err has the sentence unless it is done. *ret_retry_ns is how long the server wants us to wait, 0
 * if it does not say. */
enum push_client_result push_client_post(struct push_client *client, const struct push_item *item,
	uint64_t *ret_retry_ns, struct err *err);

void push_client_close(struct push_client *client);

#endif
