/* router: which function answers a request, after everything that all requests have in common. */
#include "server/router.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hash.h"
#include "server/problem.h"

#define BODY_METHODS "POST PUT PATCH"

struct counted { /* of a route */
	struct metrics_counter *good, *refused, *failed, *bytes;
	struct metrics_times *times;
};

struct router {
	struct router_options options;
	struct counted *counted[ROUTER_TABLES_MAX]; /* owned; one for each route */
	struct metrics_counter *unknown;
	atomic_uint_fast64_t requests;
	atomic_size_t body_max;
};

bool router_matches(const char *pattern, const char *path, struct view *ret_rest)
{
	*ret_rest = (struct view){ 0 };
	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			*ret_rest = view_of(path);
			return true;
		}
		if (*pattern == '?') {
			*ret_rest = (struct view){ path, strcspn(path, "/") };
			path += ret_rest->len;
			if (!ret_rest->len)
				return false;
		} else if (*pattern != *path++) {
			return false;
		}
	}
	return !*path;
}

static bool takes_method(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

/* Finds the route; without one, *allow lists the methods that the path has. */
static bool find_route(
	const struct router *router, struct router_call *call, char *allow, size_t size)
{
	size_t len = 0;
	struct view rest;

	allow[0] = '\0';
	for (size_t t = 0; t < router->options.n_tables; t++) {
		const struct router_table *table = &router->options.tables[t];

		for (size_t i = 0; i < table->n; i++) {
			const struct route *route = &table->routes[i];

			if (!router_matches(route->path, call->http->path, &rest))
				continue;
			if (takes_method(route, call->http->method)) {
				call->route = route;
				call->rest = rest;
				call->table = t;
				call->place = i;
				return true;
			}
			if (len < size)
				len += (size_t)snprintf(allow + len, size - len, "%s%s",
					len ? ", " : "", route->method);
		}
	}
	return false;
}

/* The client's own, if it is a short word, so that both sides write down the same; else a new one.
 */
static void name_call(struct router *router, struct router_call *call)
{
	const char *given = httpd_header(call->http, "X-Request-Id");
	size_t len = given ? strspn(given, "0123456789abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.")
			   : 0;

	if (given && len && len < ROUTER_ID_MAX && !given[len])
		memcpy(call->id, given, len + 1);
	else
		snprintf(call->id, sizeof(call->id), "%016llx",
			(unsigned long long)hash_keyed(
				atomic_fetch_add(&router->requests, 1) ^ clock_monotonic_ns()));
}

static void refuse(struct httpd_reply *reply, unsigned status, const char *sentence)
{
	problem_reply(reply, status, sentence);
}

bool router_tenant_is_good(const char *name)
{
	size_t len = strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ!-_.*'()");

	return len && len <= ROUTER_TENANT_MAX && !name[len] && name[strspn(name, ".")];
}

static bool find_tenant(
	const struct router *router, struct router_call *call, struct httpd_reply *refusal)
{
	const char *name = httpd_header(call->http, "X-Scope-OrgID");

	if (!router->options.multi_tenant || call->route->scope == SCOPE_ANYONE || call->tenant[0])
		return true;
	if (!name || !router_tenant_is_good(name)) {
		refuse(refusal, 401,
			name ? "X-Scope-OrgID takes 1 to 150 letters, digits and !-_.*'()"
			     : "there are several tenants here: X-Scope-OrgID has to name one");
		return false;
	}
	memcpy(call->tenant, name, strlen(name) + 1);
	return true;
}

static bool has_body(const char *method)
{
	return strstr(BODY_METHODS, method);
}

/* A browser that acts for a page of another site says so. Such a page may not write here, however
 * near to us the browser is. */
static bool acts_for_another_site(const struct router_call *call)
{
	const char *site = httpd_header(call->http, "Sec-Fetch-Site");
	const char *origin = httpd_header(call->http, "Origin"), *host;

	if (call->route->scope != SCOPE_INGEST && call->route->scope != SCOPE_ADMIN)
		return false;
	if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return true;
	if (!origin)
		return false;
	host = strstr(origin, "://");
	return !host || strcasecmp(host + strlen("://"), call->http->host) != 0;
}

static void admit_call(struct router *router, struct router_call *call, struct httpd_reply *refusal)
{
	char allow[64];

	if (!guard_allows(&router->options.guard, call->http->host)) {
		refuse(refusal, 403,
			"the Host header names another server: ask by the address that this one "
			"listens on");
		return;
	}
	if (!find_route(router, call, allow, sizeof(allow))) {
		refuse(refusal, allow[0] ? 405 : 404,
			allow[0] ? "this path does not take that method" : "there is nothing here");
		if (allow[0])
			httpd_reply_header(refusal, "Allow", "%s", allow);
		return;
	}
	if (acts_for_another_site(call)) {
		refuse(refusal, 403, "a page of another site may not send anything here");
		return;
	}
	if (router->options.authorize &&
		!router->options.authorize(router->options.owner, call, refusal))
		return;
	find_tenant(router, call, refusal);
}

static bool is_gone(void *owner)
{
	return httpd_gone(owner);
}

/* Questions are answered by their handlers, never later. Time that one waits for its turn counts.
 */
static void give_budget(
	struct router *router, struct router_call *call, struct httpd_request *request)
{
	call->own_budget = (struct budget){ .pool = router->options.questions,
		.begin_ns = call->begin_ns,
		.is_unwanted = is_gone,
		.owner = request };
	call->budget = &call->own_budget;
}

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	struct router *router = owner;
	struct router_call *call = calloc(1, sizeof(*call));

	if (!call) {
		refuse(refusal, 503, "out of memory");
		return;
	}
	request->context = call;
	call->http = request;
	call->begin_ns = clock_monotonic_ns();
	name_call(router, call);
	admit_call(router, call, refusal);
	if (refusal->status) {
		router_begin(call, refusal);
		return;
	}
	terms->lane = call->route->lane;
	if (terms->lane == LANE_QUERY)
		give_budget(router, call, request);
	if (has_body(request->method)) {
		terms->body_max = atomic_load(&router->body_max);
		terms->setting = router->options.body_setting;
	}
}

void router_begin(const struct router_call *call, struct httpd_reply *reply)
{
	httpd_reply_header(reply, "X-Request-Id", "%s", call->id);
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *reply)
{
	struct router *router = owner;
	const struct router_call *call = request->context;
	/* A call that is answered later may be gone when its handler returns; no question is. */
	struct budget *budget = call->budget;

	router_begin(call, reply);
	call->route->handle(router->options.tables[call->table].owner, call, reply);
	budget_fini(budget);
}

static void refuse_request(void *owner, const struct httpd_request *request, const char *sentence,
	struct httpd_reply *reply)
{
	const struct router_call *call = request->context;

	(void)owner;
	problem_reply(reply, reply->status, sentence);
	if (call)
		router_begin(call, reply);
}

static void write_down(
	struct router *router, const struct router_call *call, unsigned status, uint64_t ns)
{
	enum journal_level level = status >= 500 || status == 0 ? JOURNAL_WARN
				   : status >= 400              ? JOURNAL_INFO
								: JOURNAL_DEBUG;
	char number[16], ms[32], peer[HTTPD_PEER_MAX];

	if (!journal_hears(router->options.journal, level))
		return;
	snprintf(number, sizeof(number), "%u", status);
	snprintf(ms, sizeof(ms), "%.3f", (double)ns / 1e6);
	httpd_peer(call->http, peer);
	journal_say(router->options.journal, level, status ? "request" : "client left",
		(const struct journal_field[]){
			{ "id", view_of(call->id) },
			{ "peer", view_of(peer) },
			{ "method", view_of(call->http->method) },
			{ "path", view_of(call->http->path) },
			{ "tenant", view_of(call->tenant) },
			{ "status", view_of(number) },
			{ "ms", view_of(ms) },
		},
		7);
}

static void forget(void *owner, const struct httpd_request *request, unsigned status)
{
	struct router *router = owner;
	struct router_call *call = request->context;
	uint64_t ns;

	if (!call)
		return;
	ns = clock_monotonic_ns() - call->begin_ns;
	write_down(router, call, status, ns);
	if (call->route) {
		const struct counted *c = &router->counted[call->table][call->place];

		metrics_count(status == 0 || status >= 500 ? c->failed
			      : status >= 400              ? c->refused
							   : c->good,
			1);
		metrics_count(c->bytes, request->body.len);
		metrics_time(c->times, ns);
	} else {
		metrics_count(router->unknown, 1);
	}
	free(call);
}

void router_serve(struct router *router, struct httpd_options *options)
{
	options->owner = router;
	options->admit = admit;
	options->handle = handle;
	options->refuse = refuse_request;
	options->forget = forget;
}

static struct metrics_counter *requests_counter(
	struct router *router, const struct route *route, const char *outcome)
{
	char labels[256];

	snprintf(labels, sizeof(labels), "route=\"%s\",method=\"%s\",outcome=\"%s\"", route->path,
		route->method, outcome);
	return metrics_counter(router->options.metrics, "flyover_http_requests_total",
		"Requests by route and by how they ended.", labels);
}

static void count_route(struct router *router, const struct route *route, struct counted *ret)
{
	char labels[256];

	snprintf(labels, sizeof(labels), "route=\"%s\",method=\"%s\"", route->path, route->method);
	ret->good = requests_counter(router, route, "good");
	ret->refused = requests_counter(router, route, "refused");
	ret->failed = requests_counter(router, route, "failed");
	ret->bytes =
		metrics_counter(router->options.metrics, "flyover_http_request_body_bytes_total",
			"Bytes of request bodies as they were sent.", labels);
	ret->times = metrics_times(router->options.metrics, "flyover_http_request_duration_seconds",
		"From a request's headers to the end of its answer.", labels);
}

struct router *router_new(const struct router_options *options)
{
	struct router *router = calloc(1, sizeof(*router));

	if (!router)
		return NULL;
	router->options = *options;
	atomic_store(&router->body_max, options->body_max);
	for (size_t t = 0; t < options->n_tables; t++) {
		const struct router_table *table = &options->tables[t];

		router->counted[t] = calloc(table->n, sizeof(*router->counted[t]));
		if (!router->counted[t]) {
			router_free(router);
			return NULL;
		}
		for (size_t i = 0; options->metrics && i < table->n; i++)
			count_route(router, &table->routes[i], &router->counted[t][i]);
	}
	if (options->metrics)
		router->unknown = metrics_counter(options->metrics,
			"flyover_http_requests_unknown_total", "Requests that no route takes.", "");
	return router;
}

void router_set_body_max(struct router *router, size_t body_max)
{
	atomic_store(&router->body_max, body_max);
}

void router_free(struct router *router)
{
	if (!router)
		return;
	for (size_t t = 0; t < ROUTER_TABLES_MAX; t++)
		free(router->counted[t]);
	free(router);
}
