/*
 * ways_in: the routes by which profiles come.
 *
 *     POST /ingest, /pyroscope/ingest         Pyroscope's clients (ingest/legacy.h)
 *     POST /push.v1.PusherService/Push        Connect, protobuf and JSON (ingest/pushmessage.h)
 *     POST /api/v1/profiles                   any format, by hand (ingest/direct.h)
 *
 * Who sends is answered when the store has everything on disk. The same profile again is kept once:
 * it has the same series, the same time and the same content or Idempotency-Key. So who may have to
 * send again says the time, in the profile or in the query.
 */
#ifndef SERVER_WAYS_IN_H
#define SERVER_WAYS_IN_H

#include "ingest/intake.h"
#include "server/router.h"

struct ways_in;

/* All are borrowed and outlive it. NULL without memory. */
struct ways_in *ways_in_new(
	struct intake *intake, struct journal *journal, struct metrics *metrics);
void ways_in_free(struct ways_in *ways);

struct router_table ways_in_table(struct ways_in *ways);

/* What keeps the store from writing, by the last attempt; "" if nothing does. `into` has
 * ERR_TEXT_MAX bytes. */
void ways_in_trouble(struct ways_in *ways, char *into);

/* For ways in of other files. A handler reads its batch, gives it away here, and returns. The
 * answer, `body` as `mime`, is sent when all is on disk, or a refusal at once. */
struct ways_in_answer {
	const char *mime;
	struct view body; /* outlives the server; or, if that is empty, … */
	struct buf made;  /* … owned: taken over, also when it is refused */
	/* Words what is refused; NULL = problem_reply. */
	void (*word)(const struct refusal *refusal, struct httpd_reply *reply);
};
void ways_in_take(struct ways_in *ways, const struct router_call *call, struct intake_batch *batch,
	const struct ways_in_answer *answer, struct httpd_reply *reply);
void ways_in_refuse(struct ways_in *ways, const struct router_call *call,
	const struct refusal *refusal, struct httpd_reply *reply);

/* The same for what is no HTTP request: a refusal is counted and written down, and what the store
 * said last is known to ways_in_trouble. */
struct ways_in_sender {
	struct view id, path, tenant;
};
void ways_in_tell(
	struct ways_in *ways, const struct ways_in_sender *sender, const struct refusal *refusal);
void ways_in_note(struct ways_in *ways, int code, const struct err *err);

#endif
