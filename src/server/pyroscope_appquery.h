/*
 * pyroscope_appquery: a query as Pyroscope's older clients write it, as a type and a selector.
 *
 *     process_cpu:cpu:nanoseconds:cpu:nanoseconds{region="eu"}    a selector as it is
 *     shop.cpu{region="eu"}     the application's name, which is its service, and a kind
 */
#ifndef SERVER_PYROSCOPE_APPQUERY_H
#define SERVER_PYROSCOPE_APPQUERY_H

#include "base/buf.h"
#include "base/err.h"

struct pyroscope_appquery {
	struct view type;     /* an id, in `text`; "" if the selector says it */
	struct view selector; /* in `text` or in what was read */
	struct buf text;      /* owned */
};

/* ERR_USAGE for the name of an application that no selector can hold. pyroscope_appquery_fini also
 * after an error. */
int pyroscope_appquery_read(struct pyroscope_appquery *query, struct view text, struct err *err);
void pyroscope_appquery_fini(struct pyroscope_appquery *query);

#endif
