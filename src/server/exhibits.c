/* exhibits: the pages of the server. */
#include "server/exhibits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "query/evidence.h"
#include "query/gather.h"
#include "render/page.h"
#include "server/arguments.h"
#include "server/problem.h"
#include "server/spelling.h"
#include "server/viewer.h"

#define DASHBOARD "/dash"
#define ABOUT "api/v1/about" /* what a page asks for first */
/* Of a page, 16 for each step of the widest picture (layout.h): past it the lightest are "other".
 */
#define NODES_MAX (1u << 18)
#define NODES_OF_ALL_MAX NODES_MAX /* of all pages but the one that is looked at */
#define SECOND UINT64_C(1000000000)

/* One selection of one tenant, as it was when its page was loaded. */
struct exhibit {
	char *key; /* tenant and selection; owned */
	char *title;
	struct profile *profile;
	struct viewer *viewer;
	size_t nodes;
	uint64_t made_ns, used;
	unsigned readers;
	bool gone; /* no longer on the list: the last reader frees it */
};

struct exhibits {
	struct store *store;
	const struct guard *guard;
	const char *version;
	pthread_mutex_t lock;
	struct exhibit *shown[EXHIBITS_MAX]; /* under the lock */
	uint64_t clock;
};

static void free_exhibit(struct exhibit *exhibit)
{
	if (!exhibit)
		return;
	viewer_free(exhibit->viewer);
	profile_free(exhibit->profile);
	free(exhibit->title);
	free(exhibit->key);
	free(exhibit);
}

/* Under the lock. */
static void take_down(struct exhibits *exhibits, unsigned place)
{
	struct exhibit *exhibit = exhibits->shown[place];

	exhibits->shown[place] = NULL;
	if (!exhibit)
		return;
	exhibit->gone = true;
	if (exhibit->readers == 0)
		free_exhibit(exhibit);
}

static struct exhibit *find(struct exhibits *exhibits, const char *key, bool fresh)
{
	for (unsigned i = 0; i < EXHIBITS_MAX; i++) {
		struct exhibit *exhibit = exhibits->shown[i];

		if (!exhibit || strcmp(exhibit->key, key) != 0)
			continue;
		if (fresh && clock_monotonic_ns() - exhibit->made_ns > EXHIBITS_FRESH_S * SECOND) {
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
static void make_room(struct exhibits *exhibits, const struct exhibit *but)
{
	for (;;) {
		unsigned place = EXHIBITS_MAX;
		size_t nodes = 0;

		for (unsigned i = 0; i < EXHIBITS_MAX; i++) {
			const struct exhibit *exhibit = exhibits->shown[i];

			if (!exhibit || exhibit == but)
				continue;
			nodes += exhibit->nodes;
			if (place == EXHIBITS_MAX || exhibit->used < exhibits->shown[place]->used)
				place = i;
		}
		if (nodes <= NODES_OF_ALL_MAX)
			return;
		take_down(exhibits, place);
	}
}

/* In the place of the least used; one with the same key, made meanwhile, goes. */
static void show(struct exhibits *exhibits, struct exhibit *exhibit)
{
	unsigned place = 0;

	pthread_mutex_lock(&exhibits->lock);
	for (unsigned i = 0; i < EXHIBITS_MAX; i++) {
		struct exhibit *other = exhibits->shown[i];

		if (other && strcmp(other->key, exhibit->key) == 0) {
			place = i;
			break;
		}
		if (exhibits->shown[place] &&
			(!other || other->used < exhibits->shown[place]->used))
			place = i;
	}
	take_down(exhibits, place);
	exhibits->shown[place] = exhibit;
	exhibit->used = ++exhibits->clock;
	exhibit->readers = 1;
	make_room(exhibits, exhibit);
	pthread_mutex_unlock(&exhibits->lock);
}

static void leave(struct exhibits *exhibits, struct exhibit *exhibit)
{
	bool last;

	pthread_mutex_lock(&exhibits->lock);
	last = --exhibit->readers == 0 && exhibit->gone;
	pthread_mutex_unlock(&exhibits->lock);
	if (last)
		free_exhibit(exhibit);
}

static char *title_of(const struct spelling *spelling)
{
	static const char *const WORDS[] = { "service", "query", "type", "trace", "from", "until" };
	BUF_AUTO title = { 0 };

	for (size_t k = 0; k < sizeof(WORDS) / sizeof(WORDS[0]); k++)
		for (size_t i = 0; i < spelling->n; i++)
			if (strcmp(spelling->words[i].name, WORDS[k]) == 0)
				buf_add_format(&title, "%s%s%s", title.len ? " · " : "",
					strcmp(WORDS[k], "until") == 0 ? "to " : "",
					spelling->words[i].value);
	buf_add_char(&title, '\0');
	return title.failed ? NULL : strdup(title.len > 1 ? title.at : "all services");
}

static bool add_group(void *owner, const char *label)
{
	struct arguments_group *group = owner;

	if (label[0] && group->n < GROUPS_LABELS_MAX)
		group->labels[group->n++] = view_of(label);
	return true;
}

/* The profile, and what it rests on. */
static int merge(struct exhibits *exhibits, const struct question *question,
	const struct arguments_group *group, struct exhibit *into, struct err *err)
{
	struct gather_figures figures;
	struct evidence evidence;
	int rc = gather(exhibits->store,
		&(struct gather_options){ .select = &question->select,
			.nodes_max = NODES_MAX,
			.group = group->labels,
			.n_group = group->n },
		&into->profile, &figures, err);

	if (rc < 0)
		return rc;
	into->nodes = figures.nodes - figures.nodes_cut;
	rc = evidence_gather(exhibits->store, &question->select, &evidence, err);
	into->profile->accounting = evidence_accounting(&evidence);
	evidence_fini(&evidence);
	return rc;
}

static int make(struct exhibits *exhibits, struct view selection, const struct router_call *call,
	struct exhibit *into, struct err *err)
{
	struct spelling spelling;
	struct question question = { 0 };
	struct arguments_group group = { 0 };
	int rc = spelling_read(&spelling, selection, err);

	if (rc == 0) {
		struct question_words words = spelling_words(&spelling, view_of(call->tenant));

		words.budget = call->budget;
		rc = question_of(&question, &words, "", err);
		words.all(words.owner, "group", add_group, &group);
	}
	if (rc == 0)
		rc = merge(exhibits, &question, &group, into, err);
	into->title = title_of(&spelling);
	if (rc == 0 && !into->title)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = viewer_new(&(struct viewer_options){ .profile = into->profile,
					.title = into->title,
					.version = exhibits->version,
					.guard = *exhibits->guard },
			&into->viewer, err);
	question_fini(&question);
	spelling_fini(&spelling);
	into->made_ns = clock_monotonic_ns();
	return rc;
}

static struct exhibit *get(struct exhibits *exhibits, const struct router_call *call,
	struct view selection, bool fresh, struct err *err)
{
	BUF_AUTO key = { 0 };
	struct exhibit *exhibit;

	buf_add_format(&key, "%s\n%.*s", call->tenant, (int)selection.len, selection.at);
	buf_add_char(&key, '\0');
	if (key.failed) {
		err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	pthread_mutex_lock(&exhibits->lock);
	exhibit = find(exhibits, key.at, fresh);
	pthread_mutex_unlock(&exhibits->lock);
	if (exhibit)
		return exhibit;
	exhibit = calloc(1, sizeof(*exhibit));
	if (exhibit)
		exhibit->key = strdup(key.at);
	if (!exhibit || !exhibit->key)
		err_set(err, ERR_NOMEM, "out of memory");
	else if (make(exhibits, selection, call, exhibit, err) == 0) {
		show(exhibits, exhibit);
		return exhibit;
	}
	free_exhibit(exhibit);
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
	struct exhibit *exhibit;
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
	exhibit = get(exhibits, call, selection, view_equal(path, VIEW(ABOUT)), &err);
	if (!exhibit) {
		problem_reply(reply, problem_status(err.code), err.text);
		return;
	}
	inner.path =
		path.at - 1; /* with its slash; the rest of the path is text that ends in NUL */
	viewer_handle(exhibit->viewer, &inner, reply);
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

struct exhibits *exhibits_new(struct store *store, const struct guard *guard, const char *version)
{
	struct exhibits *exhibits = calloc(1, sizeof(*exhibits));

	if (!exhibits)
		return NULL;
	exhibits->store = store;
	exhibits->guard = guard;
	exhibits->version = version;
	pthread_mutex_init(&exhibits->lock, NULL);
	return exhibits;
}

void exhibits_free(struct exhibits *exhibits)
{
	if (!exhibits)
		return;
	for (unsigned i = 0; i < EXHIBITS_MAX; i++)
		take_down(exhibits, i);
	pthread_mutex_destroy(&exhibits->lock);
	free(exhibits);
}
