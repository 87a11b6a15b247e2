/*
 * rpcd: a server of gRPC calls that have one message and one answer, over HTTP/2.
 *
 * A call is admitted once its headers are there. Then its message is read, and `handle` answers it
 * from a thread of its own, at once or later (rpcd_answer).
 *
 * One thread reads and writes all connections. Limits: 1024 connections, 256 of an address, 32
 * calls of each at a time; 16 KiB of headers; 30 s for a message (longer for a large one, at 32
 * KiB/s) and for taking an answer; 5 min without a call. A connection that cancels calls, or sends
 * frames that carry nothing, faster than a program has reason to is ended (ENHANCE_YOUR_CALM).
 */
#ifndef NET_RPCD_H
#define NET_RPCD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"
#include "net/tls_files.h"

struct rpcd;
struct rpcd_call;

enum rpcd_code { /* of gRPC; those that we say */
	RPCD_OK = 0,
	RPCD_DEADLINE_EXCEEDED = 4,
	RPCD_PERMISSION_DENIED = 7,
	RPCD_RESOURCE_EXHAUSTED = 8,
	RPCD_UNIMPLEMENTED = 12,
	RPCD_INTERNAL = 13,
	RPCD_UNAVAILABLE = 14,
};

struct rpcd_reply {
	unsigned code;           /* 0 = good, or gRPC's */
	char text[ERR_TEXT_MAX]; /* why not */
	struct buf message;      /* owned: taken over; if it is good */
	struct buf details;      /* owned: taken over; a google.rpc.Status as base64, or empty */
};

void rpcd_refuse(struct rpcd_reply *reply, unsigned code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Of a call, until it is answered. A header's name is in small letters; NULL if it is not there. */
const char *rpcd_path(const struct rpcd_call *call); /* "/package.Service/Method" */
const char *rpcd_header(const struct rpcd_call *call, const char *name);
struct view rpcd_message(const struct rpcd_call *call); /* as it came */
const char *rpcd_coding(const struct rpcd_call *call);  /* what that is packed with, or NULL */
const char *rpcd_peer(const struct rpcd_call *call);    /* the client's address */

/* Where `admit` may leave something; `forget` takes it away. */
void **rpcd_context(struct rpcd_call *call);

struct rpcd_options { /* zeros are defaults */
	int fd;       /* listening; taken */
	void *owner;

	/* May set a code: then that is the answer. On the thread that reads: at once. */
	void (*admit)(void *owner, struct rpcd_call *call, struct rpcd_reply *refusal);
	/* Answers, or sees to it that somebody else will. */
	void (*handle)(void *owner, struct rpcd_call *call);
	/* The call goes away; was_sent: its answer went out, whole. */
	void (*forget)(void *owner, struct rpcd_call *call, unsigned code, bool was_sent);

	const struct tls_files
		*tls;       /* only TLS 1.2 and newer, with h2 by ALPN; needed for the start */
	size_t message_max; /* bytes, as sent */
	const char *message_setting; /* that says so */
	size_t messages_max;         /* bytes of all messages in memory */
	unsigned connections_max, connections_of_address_max, calls_max; /* of a connection */
	unsigned threads;
	size_t waiting_max; /* calls that no thread has taken yet */
	unsigned time_ms, rate_min, idle_ms;
	unsigned drain_ms; /* how long rpcd_stop waits for messages to come and answers to be taken
			    */
};

int rpcd_start(const struct rpcd_options *options, struct rpcd **ret, struct err *err);

/* Instead of options.message_max, for messages from now on. */
void rpcd_set_message_max(struct rpcd *rpcd, size_t message_max);

/* Once for each call that was handled, from any thread; the call is not to be touched after it. */
void rpcd_answer(struct rpcd_call *call, const struct rpcd_reply *reply); /* taken over */

/* No new connections and no new calls (GOAWAY); what has begun is answered. */
void rpcd_stop(struct rpcd *rpcd);

#endif
