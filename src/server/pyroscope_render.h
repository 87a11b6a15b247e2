/*
 * pyroscope_render: Pyroscope's older routes for readers, all GET.
 *
 *     /pyroscope/render        query=, from=, until=, max-nodes=, groupBy=, aggregation=sum|avg,
 *                              format=json|dot
 *     /pyroscope/render-diff   leftQuery=, leftFrom=, leftUntil=, rightQuery=, …, max-nodes=
 *     /pyroscope/label-values  label=NAME; __name__ gives the types
 *
 * A query is TYPE{matchers}, with the type as its id or as a short name, or {__name__="TYPE",…}, or
 * the name of an application as old clients have it: shop.cpu{region="eu"}. Times are those of
 * ingest/when.h: the last hour unless they are said. The same routes are there without
 * "/pyroscope".
 */
#ifndef SERVER_PYROSCOPE_RENDER_H
#define SERVER_PYROSCOPE_RENDER_H

#include "server/router.h"
#include "store/store.h"

/* Handlers of routes; the owner is the store. */
void pyroscope_render_single(
	void *store, const struct router_call *call, struct httpd_reply *reply);
void pyroscope_render_diff(void *store, const struct router_call *call, struct httpd_reply *reply);
void pyroscope_render_values(
	void *store, const struct router_call *call, struct httpd_reply *reply);

#endif
