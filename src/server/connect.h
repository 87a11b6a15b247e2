/*
 * connect: unary calls of the Connect protocol (connectrpc.com/docs/protocol), as protobuf and as
 * JSON.
 *
 * Content-Type says which of both a request is, and the answer is the same. An empty body is an
 * empty message. What goes wrong is JSON with Connect's codes and statuses, whatever was asked in.
 * Connect-Timeout-Ms and gzip in both directions are heeded; Connect-Protocol-Version is not
 * needed.
 */
#ifndef SERVER_CONNECT_H
#define SERVER_CONNECT_H

#include "server/router.h"
#include "wire/protojson.h"

#define CONNECT_REQUEST_MAX ((size_t)1 << 20) /* unpacked */
#define CONNECT_REPLY_MAX ((size_t)64 << 20)  /* as protobuf */

/* What a method gets; good until it returns. */
struct connect_call {
	const struct router_call *http;
	struct view request; /* as protobuf */
	uint64_t end_ns;     /* monotonic: the client does not wait longer; UINT64_MAX = it does */
};

struct connect_method {
	const struct protojson_message *request, *reply;

	/* Appends the reply as protobuf, or says why not. */
	int (*answer)(
		void *owner, const struct connect_call *call, struct buf *reply, struct err *err);
};

void connect_answer(const struct connect_method *method, void *owner,
	const struct router_call *call, struct httpd_reply *reply);

/* ERR_CANCELLED if the client has stopped waiting. */
int connect_check_time(const struct connect_call *call, struct err *err);

/* The status that goes with an err_code; its name is problem_code's. */
unsigned connect_status(int code);

#endif
