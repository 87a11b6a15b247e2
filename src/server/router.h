/*
 * router: which function answers a request, after everything that all requests have in common.
 *
 * A part of the server is a table of routes. To add one: write the table beside its handlers, and
 * name it where the server is put together (serving.c).
 *
 *     static const struct route routes[] = {
 *             { "GET", "/api/v1/types", types, SCOPE_READ, LANE_QUERY },
 *             { "GET", "/api/v1/label/?/values", values, SCOPE_READ, LANE_QUERY },
 *             { "POST", "/ingest", ingest, SCOPE_INGEST, LANE_INGEST },
 *     };
 *
 * In a path "?" stands for one segment and a final "*" for any rest; what stood there is the call's
 * `rest`. GET means HEAD too. Before a handler runs: the host is one of ours, no page of another
 * site is behind a request that writes, the caller may use the scope, the tenant is known. After
 * it: the request is counted, timed and, if it went wrong, written down with its id, which the
 * client has as X-Request-Id.
 */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H

#include "base/budget.h"
#include "net/httpd.h"
#include "server/guard.h"
#include "server/journal.h"
#include "server/metrics.h"

enum scope { SCOPE_ANYONE, SCOPE_INGEST, SCOPE_READ, SCOPE_ADMIN };
enum lane { LANE_AT_ONCE, LANE_INGEST, LANE_QUERY };

#define ROUTER_ID_MAX 40
#define ROUTER_TENANT_MAX 150

/* One request; its handler's, until it was answered. */
struct router_call {
	const struct httpd_request *http;
	const struct route *route;
	char id[ROUTER_ID_MAX];
	char tenant[ROUTER_TENANT_MAX + 1]; /* "" where there is only one */
	struct view rest;                   /* in http->path */
	uint64_t begin_ns;                  /* monotonic */
	struct budget *budget;              /* of a question (LANE_QUERY); else NULL */
	size_t table, place;                /* private, as is what follows */
	struct budget own_budget;
};

struct route {
	const char *method, *path;
	void (*handle)(void *owner, const struct router_call *call, struct httpd_reply *reply);
	enum scope scope;
	enum lane lane;
};

struct router_table {
	const struct route *routes;
	size_t n;
	void *owner; /* of all its handlers */
};

#define ROUTER_TABLES_MAX 16

struct router_options {
	struct router_table tables[ROUTER_TABLES_MAX]; /* the first that fits is taken */
	size_t n_tables;
	struct guard guard;
	struct journal *journal;
	struct metrics *metrics;
	size_t body_max; /* of requests with a body */
	const char *body_setting;
	struct budget_pool *questions; /* what they may take; NULL = no limits */
	bool multi_tenant;             /* who the tenant is stands in X-Scope-OrgID */

	/* Whether the caller may; else it gives the reply a status and a sentence (problem_reply).
	 * It may set call->tenant. NULL = everyone may everything. */
	bool (*authorize)(void *owner, struct router_call *call, struct httpd_reply *refusal);
	void *owner;
};

struct router;

struct router *router_new(const struct router_options *options); /* NULL without memory */
void router_free(struct router *router);

/* Sets admit, handle, refuse, forget and owner. */
void router_serve(struct router *router, struct httpd_options *options);

/* Whether X-Scope-OrgID may be this. */
bool router_tenant_is_good(const char *name);

/* What each reply has. The router does it for the handler's own; one that is made for httpd_answer
 * needs it too. */
void router_begin(const struct router_call *call, struct httpd_reply *reply);

/* Whether `path` is one of `pattern`'s; then *ret_rest is what stood for "?" or "*". */
bool router_matches(const char *pattern, const char *path, struct view *ret_rest);

#endif
