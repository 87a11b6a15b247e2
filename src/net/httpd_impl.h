/* httpd_impl: what the files of the HTTP server share. */
#ifndef NET_HTTPD_IMPL_H
#define NET_HTTPD_IMPL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "net/httpd.h"
#include "net/patience.h"
#include "net/workers.h"

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_options options;
	bool clients_prove; /* who they are, by a certificate */
	struct patience *patience;
	struct workers *lanes[HTTPD_LANES_MAX];
	atomic_size_t body_bytes; /* in memory now */
	atomic_bool is_stopping;

	pthread_mutex_t lock;
	pthread_cond_t change;
	size_t n_unanswered, n_unsent; /* calls whose body has come; under the lock */
};

enum call_state {
	CALL_READS,
	CALL_SWALLOWS, /* refused: the rest of the body is read, so that the client hears it */
	CALL_WAITS,    /* for a thread, or for whoever answers; the connection is suspended */
	CALL_IS_ANSWERED,
};

/* One request, from its headers to the end of its answer. */
struct httpd_call {
	struct httpd *httpd;
	struct MHD_Connection *connection;
	struct httpd_request request;
	struct httpd_terms terms;
	struct httpd_reply reply; /* once it was refused or answered */
	struct buf body;
	size_t swallowed;
	enum call_state state;
	bool is_counted;   /* among the unsent */
	bool *is_deferred; /* of the handler that is running */
};

/* The body. Each returns false when the connection is to be closed without another word. */
void httpd_body_admit(struct httpd_call *call);
bool httpd_body_add(struct httpd_call *call, const char *bytes, size_t len);
void httpd_body_fini(struct httpd_call *call);

/* Makes `sentence` the answer; the rest of the body is swallowed. */
void httpd_body_refuse(struct httpd_call *call, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The end: queues the reply, which is used up. */
enum MHD_Result httpd_reply_queue(struct httpd_call *call);

/* The time that a client has to send or to take so many bytes begins now. */
void httpd_give_time(struct httpd *httpd, struct MHD_Connection *connection, size_t bytes);

#endif
