/*
 * question: which profiles a request asks about, from its query.
 *
 *     query=SELECTOR   see query/selector.h; may lack the type, which then is …
 *     type=cpu         … this; cpu if neither says one
 *     service=NAME     the same as service_name="NAME" in the selector
 *     from=, until=    now-1h and now unless given; see ingest/when.h, or RFC 3339
 *     trace=, span=    32 and 16 hex digits; may come several times
 */
#ifndef SERVER_QUESTION_H
#define SERVER_QUESTION_H

#include "query/selector.h"
#include "server/router.h"

#define QUESTION_IDS_MAX 64u

struct question {
	struct selector selector;
	struct store_select select; /* borrows from the rest and from the call */
	bool says_type;             /* else it is cpu, because one has to be */
	uint8_t traces[QUESTION_IDS_MAX][16], spans[QUESTION_IDS_MAX][8];
};

/* The arguments may have a prefix ("left_" for left_query, …), "" usually. ERR_USAGE with a
 * sentence. question_fini also after an error. */
int question_read(struct question *question, const struct router_call *call, const char *prefix,
	struct err *err);

/* The same from words that stand elsewhere; they stay where they are as long as the question does.
 */
struct question_words {
	struct view tenant;
	struct budget *budget;                             /* may be NULL */
	const char *(*one)(void *owner, const char *name); /* NULL = not there */
	void (*all)(
		void *owner, const char *name, bool (*each)(void *to, const char *value), void *to);
	void *owner;
};
int question_of(struct question *question, const struct question_words *words, const char *prefix,
	struct err *err);
void question_fini(struct question *question);

#endif
