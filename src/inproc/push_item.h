/*
 * push_item: one profile on its way to a server, and the form that it has in a spool.
 *
 *     flyover-spool 1\n  ID\n  QUERY\n  CONTENT TYPE\n  \n  body
 *
 * The id is drawn once and sent with every attempt (Idempotency-Key), so that a server can tell a
 * repetition from another profile.
 */
#ifndef INPROC_PUSH_ITEM_H
#define INPROC_PUSH_ITEM_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define PUSH_ITEM_ID_SIZE 37 /* a random UUID and its NUL */
#define PUSH_ITEM_QUERY_MAX 4096
#define PUSH_ITEM_TYPE_MAX 128
#define PUSH_ITEM_MAX ((size_t)16 << 20) /* bytes of a body; servers take no more */

struct push_item {
	struct push_item *next;
	uint64_t from_ns; /* since 1970 */
	char id[PUSH_ITEM_ID_SIZE];
	char query[PUSH_ITEM_QUERY_MAX];
	char type[PUSH_ITEM_TYPE_MAX];
	struct buf body; /* owned */
};

/* NULL without memory. The id is a new one. */
struct push_item *push_item_new(void);
void push_item_free(struct push_item *item);
size_t push_item_size(const struct push_item *item);

/* The bytes of a file in a spool, and back: ERR_CORRUPT if they are none. *ret is owned. */
void push_item_encode(const struct push_item *item, struct buf *out);
int push_item_decode(struct view bytes, struct push_item **ret, struct err *err);

/* The query of Pyroscope's /ingest for a profile of that time:
 * "name=…&from=…&until=…&format=pprof…". `service` and the process's labels become the name; what
 * its grammar has no place for becomes
 * "_". */
void push_item_set_query(
	struct push_item *item, const char *service, uint64_t from_ns, uint64_t until_ns);

#endif
