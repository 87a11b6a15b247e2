/*
 * fetches: many HTTP requests at once, on one thread.
 *
 * Each has its bounds, as fetch.h's; at most `parallel_max` run, the others wait for their turn.
 */
#ifndef NET_FETCHES_H
#define NET_FETCHES_H

#include "base/buf.h"
#include "base/err.h"
#include "net/fetch.h"

struct fetches;

struct fetches_answer {
	int code;             /* 0, or as fetch_send's; ERR_CANCELLED when the fetches end */
	unsigned status;      /* of HTTP; 0 if there was no answer */
	unsigned retry_after; /* seconds; 0 = the server did not say */
	struct buf *body;     /* may be taken over */
	const struct err *err;
};

struct fetches_request {
	struct fetch_request ask; /* its body stays until `done` */
	bool stays;               /* an answer that leads elsewhere is a failure */
	/* Called once, on the thread of the fetches. */
	void (*done)(void *owner, const struct fetches_answer *answer);
	void *owner;
};

int fetches_new(unsigned parallel_max, struct fetches **ret, struct err *err);

/* From any thread, also from `done`. When it fails, `done` is not called. */
int fetches_add(struct fetches *fetches, const struct fetches_request *request, struct err *err);

/* Ends those that run. */
void fetches_free(struct fetches *fetches);

#endif
