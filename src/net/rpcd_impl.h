/*
 * rpcd_impl: what the files of the gRPC server share.
 *
 *     rpcd_link      the bytes of one connection, plain or through TLS
 *     rpcd_session   HTTP/2 of one connection: frames in, calls out, answers in, frames out
 *     rpcd_call      one call: its headers and its message, held against the limits
 *     rpcd_reply     the frames of an answer
 *     rpcd_crowd     all connections
 *     rpcd           the thread that has them
 *
 * All of it is that thread's; others have calls, until they have answered them.
 */
#ifndef NET_RPCD_IMPL_H
#define NET_RPCD_IMPL_H

#include <nghttp2/nghttp2.h>
#include <stdatomic.h>

#include "net/rpcd.h"
#include "net/rpcd_frame.h"

#define RPCD_FIELDS_MAX 64u
#define RPCD_HEADERS_MAX ((size_t)16 << 10)
#define RPCD_PEER_MAX 48

/* What all sessions of a server have in common. */
struct rpcd_rules {
	struct rpcd_options options; /* no zeros */
	atomic_size_t message_max;   /* instead of the options' */
	/* A call's message is there: it is the owner's until rpcd_session_answer. */
	void (*ready)(void *owner, struct rpcd_call *call);
	void *owner;
	size_t held; /* bytes of all messages in memory */
};

enum rpcd_state {
	RPCD_READS,    /* headers or message */
	RPCD_WAITS,    /* for somebody's answer */
	RPCD_ANSWERED, /* which is on its way, or not even that */
};

struct rpcd_call {
	struct rpcd_rules *rules;
	struct rpcd_session *session; /* NULL once its connection is gone */
	int32_t stream;
	enum rpcd_state state;
	bool is_gone;     /* its stream is closed */
	bool has_ended;   /* the client's side of it */
	bool is_too_long; /* its headers */
	bool is_admitted; /* so that somebody wants to hear of its end */
	bool was_sent;
	struct buf texts; /* headers: name, NUL, value, NUL, … */
	uint32_t fields[RPCD_FIELDS_MAX];
	unsigned n_fields;
	struct buf body; /* the prefix and the message */
	struct rpcd_frame frame;
	bool is_framed;              /* the prefix is there */
	uint64_t begin_ms, until_ms; /* by which the message has to be there */
	struct rpcd_reply reply;
	struct buf frames; /* the answer's message, with its prefix */
	size_t sent;       /* of it */
	char peer[RPCD_PEER_MAX];
	void *context;
	struct rpcd_call *before, *next; /* of its session */
	struct rpcd_call *next_answered;
};

struct rpcd_call *rpcd_call_new(struct rpcd_session *session, struct rpcd_rules *rules);
void rpcd_call_free(struct rpcd_call *call);
void rpcd_call_header(struct rpcd_call *call, struct view name, struct view value);
const char *rpcd_call_find(const struct rpcd_call *call, const char *name);
/* Each answers the call if something is wrong with it. */
void rpcd_call_begin(struct rpcd_call *call); /* the headers are there */
void rpcd_call_add(struct rpcd_call *call, struct view bytes);
void rpcd_call_end(struct rpcd_call *call); /* the client has said all */
void rpcd_call_refuse(struct rpcd_call *call, unsigned code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* rpcd_reply: call->reply as frames; or a plain HTTP status, for what is no gRPC. */
void rpcd_reply_submit(struct rpcd_call *call);
void rpcd_reply_status(struct rpcd_call *call, const char *http_status);

struct rpcd_budget { /* tokens that come back with time */
	uint64_t at_ms, tokens;
};

struct rpcd_session {
	struct rpcd_rules *rules;
	nghttp2_session *http2;
	struct rpcd_call *calls; /* all that are not freed, those that are gone too */
	unsigned n_calls;
	bool is_greeted; /* the client's first SETTINGS has come */
	bool is_closing; /* no further calls */
	bool has_failed;
	uint64_t quiet_since_ms;
	struct rpcd_budget resets, frames;
	char peer[RPCD_PEER_MAX];
};

struct rpcd_session *rpcd_session_new(struct rpcd_rules *rules, const char *peer);
void rpcd_session_free(struct rpcd_session *session);
void rpcd_session_read(struct rpcd_session *session, struct view bytes);
/* Appends frames until `out` has so many bytes, or there are none. */
void rpcd_session_write(struct rpcd_session *session, struct buf *out, size_t len_max);
/* Of a call that was `ready`; it may be freed by this. */
void rpcd_session_answer(struct rpcd_call *call, const struct rpcd_reply *reply);
void rpcd_session_look(struct rpcd_session *session, uint64_t now_ms); /* for what is late */
void rpcd_session_close(struct rpcd_session *session);
bool rpcd_session_is_over(const struct rpcd_session *session);

/* rpcd_link */
struct rpcd_trust; /* the server's certificate and key */

int rpcd_link_trust(const struct tls_files *files, struct rpcd_trust **ret, struct err *err);
void rpcd_link_trust_free(struct rpcd_trust *trust);

enum { RPCD_LINK_AGAIN = -1, RPCD_LINK_FAILED = -2 };

struct rpcd_link {
	int fd;
	void *tls; /* gnutls_session_t, or NULL */
	bool clients_prove, is_shaken, wants_write;
};

bool rpcd_link_open(struct rpcd_link *link, int fd, const struct rpcd_trust *trust);
void rpcd_link_close(struct rpcd_link *link);
/* Bytes, 0 at the end (of reading), or one of the above. */
long rpcd_link_read(struct rpcd_link *link, void *into, size_t len);
long rpcd_link_write(struct rpcd_link *link, struct view bytes);
bool rpcd_link_has_more(const struct rpcd_link *link); /* that no socket tells of */

/* rpcd_crowd */
struct rpcd_crowd {
	struct rpcd_rules *rules;
	const struct rpcd_trust *trust; /* NULL = no TLS */
	int epoll;                      /* a connection is its own data there */
	struct rpcd_connection *connections;
	unsigned n_connections;
};

void rpcd_crowd_add(struct rpcd_crowd *crowd, int fd, const char *peer); /* fd is taken */
/* Writes what there is to write; drops it if it is over. */
void rpcd_crowd_go_on(struct rpcd_crowd *crowd, struct rpcd_connection *connection, bool reads);
void rpcd_crowd_look(struct rpcd_crowd *crowd);  /* for what is late */
void rpcd_crowd_close(struct rpcd_crowd *crowd); /* no further calls */
void rpcd_crowd_drop(struct rpcd_crowd *crowd);  /* all of it */

uint64_t rpcd_now_ms(void);

#endif
