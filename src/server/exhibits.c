/* exhibits: the pages of the server. */
#include "server/exhibits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "render/page.h"
#include "server/exhibit.h"
#include "server/problem.h"
#include "server/viewer.h"

#define DASHBOARD "/dash"
#define ABOUT "api/v1/about" /* what a page asks for first, and … */
#define FRESH "fresh"        /* … what asks for more at the same time */
#define NODE_BYTES 512 /* of all questions' memory, for a node of a page and one of the others' */
#define NODES_MIN ((size_t)1 << 14)
#define NODES_MAX ((size_t)1 << 22) /* as many as viewer.c hands out */
#define SECOND UINT64_C(1000000000)
#define LOOK_NS 50000000L /* who waits for another's page looks so often whether to go on */

/* One selection of one tenant, as it was when its page was loaded. */
struct kept {
	char *key; /* tenant and selection; owned */
	struct exhibit of;
	uint64_t made_ns, used;
	unsigned readers;
	bool is_made, has_failed; /* neither: its first reader is at it */
	bool gone;                /* no longer on the list: the last reader frees it */
};

struct exhibits {
	struct exhibit_options how; /* nodes_max is that of one page, and of all others together */
	pthread_mutex_t lock;
	pthread_cond_t made;              /* or failed */
	struct kept *shown[EXHIBITS_MAX]; /* under the lock */
	uint64_t clock;
};

static void free_exhibit(struct kept *exhibit)
{
	if (!exhibit)
		return;
	exhibit_fini(&exhibit->of);
	free(exhibit->key);
	free(exhibit);
}

/* Under the lock. */
static void take_down(struct exhibits *exhibits, unsigned place)
{
	struct kept *exhibit = exhibits->shown[place];

	exhibits->shown[place] = NULL;
	if (!exhibit)
		return;
	exhibit->gone = true;
	if (exhibit->readers == 0)
		free_exhibit(exhibit);
}

static struct kept *find(struct exhibits *exhibits, const char *key, bool fresh)
{
	for (unsigned i = 0; i < EXHIBITS_MAX; i++) {
		struct kept *exhibit = exhibits->shown[i];

		if (!exhibit || strcmp(exhibit->key, key) != 0)
			continue;
		if (fresh && exhibit->is_made &&
			clock_monotonic_ns() - exhibit->made_ns > EXHIBITS_FRESH_S * SECOND) {
			take_down(exhibits, i);
			return NULL;
		}
		exhibit->used = ++exhibits->clock;
		exhibit->readers++;
		return exhibit;
	}
	return NULL;
}

/* Until all are small enough together: the least used first, `but` never. Under the lock. */
static void make_room(struct exhibits *exhibits, const struct kept *but)
{
	for (;;) {
		unsigned place = EXHIBITS_MAX;
		size_t nodes = 0;

		for (unsigned i = 0; i < EXHIBITS_MAX; i++) {
			const struct kept *exhibit = exhibits->shown[i];

			if (!exhibit || exhibit == but)
				continue;
			nodes += exhibit->of.nodes;
			if (place == EXHIBITS_MAX || exhibit->used < exhibits->shown[place]->used)
				place = i;
		}
		if (nodes <= exhibits->how.nodes_max)
			return;
		take_down(exhibits, place);
	}
}

/* In the place of the least used. Under the lock. */
static void show(struct exhibits *exhibits, struct kept *exhibit)
{
	unsigned place = 0;

	for (unsigned i = 0; i < EXHIBITS_MAX && exhibits->shown[place]; i++)
		if (!exhibits->shown[i] || exhibits->shown[i]->used < exhibits->shown[place]->used)
			place = i;
	take_down(exhibits, place);
	exhibits->shown[place] = exhibit;
	exhibit->used = ++exhibits->clock;
	exhibit->readers = 1;
}

/* A page that could not be made is on no list: who waited for it tries by himself. */
static void end_making(struct exhibits *exhibits, struct kept *exhibit, bool is_made)
{
	pthread_mutex_lock(&exhibits->lock);
	exhibit->is_made = is_made;
	exhibit->made_ns = clock_monotonic_ns();
	exhibit->has_failed = !is_made;
	if (is_made)
		make_room(exhibits, exhibit);
	for (unsigned i = 0; i < EXHIBITS_MAX && !is_made; i++)
		if (exhibits->shown[i] == exhibit)
			take_down(exhibits, i);
	pthread_cond_broadcast(&exhibits->made);
	pthread_mutex_unlock(&exhibits->lock);
}

static void leave(struct exhibits *exhibits, struct kept *exhibit)
{
	bool last;

	pthread_mutex_lock(&exhibits->lock);
	last = --exhibit->readers == 0 && exhibit->gone;
	pthread_mutex_unlock(&exhibits->lock);
	if (last)
		free_exhibit(exhibit);
}

/* Until somebody else has made it; one that failed is left. Under the lock. */
static int wait_for(
	struct exhibits *exhibits, struct kept **exhibit, struct budget *budget, struct err *err)
{
	int rc = 0;

	while (rc == 0 && !(*exhibit)->is_made && !(*exhibit)->has_failed) {
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_NS;
		until.tv_sec += until.tv_nsec / (long)SECOND;
		until.tv_nsec %= (long)SECOND;
		pthread_cond_timedwait(&exhibits->made, &exhibits->lock, &until);
		rc = budget_check(budget, err);
	}
	if ((*exhibit)->is_made)
		return 0;
	if (--(*exhibit)->readers == 0 && (*exhibit)->gone)
		free_exhibit(*exhibit);
	*exhibit = NULL;
	return rc;
}

struct wanted {
	const char *key;
	bool fresh;
	struct budget *budget;
};

/* A new one is the caller's to make. Under the lock. */
static int find_or_begin(
	struct exhibits *exhibits, const struct wanted *wanted, struct kept **ret, struct err *err)
{
	struct kept *exhibit;
	int rc = 0;

	while (rc == 0 && (exhibit = find(exhibits, wanted->key, wanted->fresh))) {
		rc = wait_for(exhibits, &exhibit, wanted->budget, err);
		if (exhibit) {
			*ret = exhibit;
			return 0;
		}
	}
	if (rc < 0)
		return rc;
	exhibit = calloc(1, sizeof(*exhibit));
	if (exhibit)
		exhibit->key = strdup(wanted->key);
	if (!exhibit || !exhibit->key) {
		free_exhibit(exhibit);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	show(exhibits, exhibit);
	*ret = exhibit;
	return 0;
}

static struct kept *get(struct exhibits *exhibits, const struct router_call *call,
	struct view selection, bool fresh, struct err *err)
{
	BUF_AUTO key = { 0 };
	struct kept *exhibit = NULL;
	int rc;

	buf_add_format(&key, "%s\n%.*s", call->tenant, (int)selection.len, selection.at);
	buf_add_char(&key, '\0');
	if (key.failed) {
		err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	pthread_mutex_lock(&exhibits->lock);
	rc = find_or_begin(
		exhibits, &(struct wanted){ key.at, fresh, call->budget }, &exhibit, err);
	pthread_mutex_unlock(&exhibits->lock);
	if (rc < 0 || exhibit->is_made)
		return exhibit;
	rc = exhibit_make(&exhibits->how, selection, call, &exhibit->of, err);
	end_making(exhibits, exhibit, rc == 0);
	if (rc == 0)
		return exhibit;
	leave(exhibits, exhibit);
	return NULL;
}

static void answer_file(const char *path, const struct router_call *call, struct httpd_reply *reply)
{
	const struct page_file *file = page_find(path);

	if (!file) {
		problem_reply(reply, 404, "there is nothing here");
		return;
	}
	reply->gzipped = call->http->takes_gzip;
	reply->body = reply->gzipped ? file->gzip : file->plain;
	reply->mime = file->mime;
	reply->immutable = file->immutable;
}

static void view(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct exhibits *exhibits = owner;
	struct view path = call->rest, selection;
	bool has_slash;
	struct kept *exhibit;
	struct httpd_request inner = *call->http;
	struct err err = { 0 };

	selection = view_take(&path, '/', &has_slash);
	if (!has_slash) {
		problem_reply(reply, 404, "there is nothing here");
		return;
	}
	if (path.len == 0) {
		answer_file("/", call, reply);
		return;
	}
	exhibit = get(exhibits, call, selection,
		view_equal(path, VIEW(ABOUT)) || httpd_argument(call->http, FRESH), &err);
	if (!exhibit) {
		problem_reply(reply, problem_status(err.code), err.text);
		return;
	}
	inner.path =
		path.at - 1; /* with its slash; the rest of the path is text that ends in NUL */
	viewer_handle(exhibit->of.viewer, &inner, reply);
	leave(exhibits, exhibit);
}

static void dashboard(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	(void)owner;
	answer_file(DASHBOARD, call, reply);
}

static void file(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	(void)owner;
	answer_file(call->http->path, call, reply);
}

/* The pages are public, as the program that has them is; what they show is not. */
static const struct route routes[] = {
	{ "GET", "/", dashboard, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/explore", dashboard, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/trace/?", dashboard, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/view/*", view, SCOPE_READ, LANE_QUERY },
	{ "GET", "/?", file, SCOPE_ANYONE, LANE_AT_ONCE },
};

struct router_table exhibits_table(struct exhibits *exhibits)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), exhibits };
}

struct exhibits *exhibits_new(const struct exhibits_options *options)
{
	struct exhibits *exhibits = calloc(1, sizeof(*exhibits));
	pthread_condattr_t monotonic;
	size_t nodes = options->bytes_max ? options->bytes_max / NODE_BYTES : NODES_MAX;

	if (!exhibits)
		return NULL;
	exhibits->how = (struct exhibit_options){ .store = options->store,
		.guard = options->guard,
		.version = options->version,
		.sources = options->sources,
		.nodes_max = nodes < NODES_MIN   ? NODES_MIN
			     : nodes > NODES_MAX ? NODES_MAX
						 : nodes };
	pthread_mutex_init(&exhibits->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&exhibits->made, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return exhibits;
}

void exhibits_free(struct exhibits *exhibits)
{
	if (!exhibits)
		return;
	for (unsigned i = 0; i < EXHIBITS_MAX; i++)
		take_down(exhibits, i);
	pthread_cond_destroy(&exhibits->made);
	pthread_mutex_destroy(&exhibits->lock);
	free(exhibits);
}
