/* viewer: the page of one profile, and the API it asks. */
#include "server/viewer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "model/profile.h"
#include "net/httpd.h"
#include "render/about.h"
#include "render/layout.h"
#include "render/page.h"
#include "server/export.h"
#include "server/functions.h"
#include "server/payload.h"
#include "server/sourcecode.h"
#include "server/tree_cache.h"

#define API "/api/v1/"
#define WHOLE_MAX ((size_t)4 << 20) /* nodes handed out to a page that wants to count them all */

struct viewer {
	struct viewer_options options;
	struct buf about;
	struct tree_cache trees; /* under the lock */
	pthread_mutex_t lock;
	pthread_t prepares; /* builds the tree that the page asks for first */
	bool is_preparing;
};

/* A question about the profile: what most routes have in common. */
struct question {
	const struct httpd_request *request;
	size_t type;
	uint32_t group;
};

struct route {
	const char *path;
	const char *mime;
	int (*answer)(struct viewer *viewer, const struct question *question,
		struct httpd_reply *reply, struct err *err);
};

static int parse_question(const struct viewer *viewer, const struct httpd_request *request,
	struct question *ret, struct err *err)
{
	const struct profile *profile = viewer->options.profile;
	const char *type = httpd_argument(request, "type"), *group;
	uint64_t number = (uint64_t)profile_find_type(profile, VIEW(""));

	group = httpd_argument(request, "group");
	if (type && !view_to_u64(view_of(type), &number))
		return err_set(err, ERR_USAGE, "type should be a number");
	if (number >= profile->n_types)
		return err_set(
			err, ERR_USAGE, "the profile has %zu sample types", profile->n_types);
	*ret = (struct question){ .request = request, .type = number };
	if (!group || !group[0])
		return 0;
	ret->group = strings_find(&profile->strings, view_of(group));
	if (ret->group == STRINGS_NONE)
		return err_set(err, ERR_USAGE, "no sample has that label");
	return 0;
}

static int number_argument(
	const struct httpd_request *request, const char *name, uint64_t *ret, struct err *err)
{
	const char *text = httpd_argument(request, name);

	if (text && !view_to_u64(view_of(text), ret))
		return err_set(err, ERR_USAGE, "%s should be a number", name);
	return 0;
}

static int answer_about(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	buf_add_view(&reply->made, buf_view(&viewer->about));
	return 0;
}

static int write_flame(struct viewer *viewer, const struct question *question,
	const struct layout_options *options, struct buf *out, struct err *err)
{
	const struct tree *tree;
	int rc = tree_cache_get(&viewer->trees, question->type, question->group, &tree, err);

	if (rc < 0)
		return rc;
	if (options->whole_max && tree->n_nodes > options->whole_max)
		return err_set(err, ERR_LIMIT, "the picture has %zu frames; the limit is %zu",
			tree->n_nodes, options->whole_max);
	return layout_write(tree, options, out, err);
}

static int answer_flame(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	struct layout_options options = { 0 };
	int rc = number_argument(question->request, "from", &options.from, err);

	if (rc == 0)
		rc = number_argument(question->request, "to", &options.to, err);
	if (rc == 0)
		rc = number_argument(question->request, "steps", &options.steps, err);
	if (rc == 0 && options.steps &&
		(options.steps < LAYOUT_STEPS_MIN || options.steps > LAYOUT_STEPS))
		rc = err_set(err, ERR_USAGE, "steps should be a number from %d to %d",
			LAYOUT_STEPS_MIN, LAYOUT_STEPS);
	if (rc < 0)
		return rc;
	if (httpd_argument(question->request, "whole"))
		options.whole_max = WHOLE_MAX;
	pthread_mutex_lock(&viewer->lock);
	rc = write_flame(viewer, question, &options, &reply->made, err);
	pthread_mutex_unlock(&viewer->lock);
	return rc;
}

static int answer_top(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	return functions_top(viewer->options.profile, question->type, &reply->made, err);
}

static int answer_peek(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	const char *name = httpd_argument(question->request, "name");

	if (!name)
		return err_set(err, ERR_USAGE, "peek needs a name");
	return functions_peek(
		viewer->options.profile, question->type, view_of(name), &reply->made, err);
}

static int answer_lines(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	const char *name = httpd_argument(question->request, "name");

	if (!name)
		return err_set(err, ERR_USAGE, "lines needs a name");
	return functions_lines(
		viewer->options.profile, question->type, view_of(name), &reply->made, err);
}

static int answer_source(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	const char *name = httpd_argument(question->request, "name");
	const char *file = httpd_argument(question->request, "file");

	if (!name || !file)
		return err_set(err, ERR_USAGE, "source needs a name and a file");
	return sourcecode_write(viewer->options.sources, viewer->options.profile,
		&(struct sourcecode_question){ question->type, view_of(name), view_of(file) },
		&reply->made, err);
}

static int answer_profile(struct viewer *viewer, const struct question *question,
	struct httpd_reply *reply, struct err *err)
{
	const char *format = httpd_argument(question->request, "format");
	struct export_request request = { .profile = viewer->options.profile,
		.title = viewer->options.title,
		.type = question->type,
		.format = format ? format : "pprof" };
	struct export_result result;
	int rc = export_write(&request, &result, err);

	reply->made = result.bytes;
	reply->mime = result.mime;
	reply->file = result.file;
	return rc;
}

static const struct route routes[] = {
	{ "about", "application/json", answer_about },
	{ "flame", "application/octet-stream", answer_flame },
	{ "top", "application/json", answer_top },
	{ "peek", "application/json", answer_peek },
	{ "lines", "application/json", answer_lines },
	{ "source", "application/json", answer_source },
	{ "profile", NULL, answer_profile },
};

static const struct route *find_route(const char *path)
{
	if (strncmp(path, API, strlen(API)) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path + strlen(API)) == 0)
			return &routes[i];
	return NULL;
}

static unsigned status_of(int code)
{
	switch (code) {
	case ERR_USAGE:
		return 400;
	case ERR_DENIED:
		return 403;
	case ERR_NOT_FOUND:
		return 404;
	case ERR_LIMIT:
		return 413;
	default:
		return 500;
	}
}

static void refuse(struct httpd_reply *reply, int code, const char *sentence)
{
	buf_fini(&reply->made);
	*reply = (struct httpd_reply){ .status = status_of(code) };
	buf_add_text(&reply->made, sentence);
	buf_add_char(&reply->made, '\n');
}

static void answer_route(struct viewer *viewer, const struct route *route,
	const struct httpd_request *request, struct httpd_reply *reply)
{
	struct question question;
	struct err err = { 0 };
	int rc;

	reply->mime = route->mime;
	rc = parse_question(viewer, request, &question, &err);
	if (rc == 0)
		rc = route->answer(viewer, &question, reply, &err);
	if (rc < 0)
		refuse(reply, rc, err.text);
	else
		payload_pack(request, reply);
}

static void answer_file(const struct page_file *file, const struct httpd_request *request,
	struct httpd_reply *reply)
{
	reply->gzipped = request->takes_gzip;
	reply->body = request->takes_gzip ? file->gzip : file->plain;
	reply->mime = file->mime;
	reply->immutable = file->immutable;
}

void viewer_handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	struct viewer *viewer = owner;
	const struct route *route;
	const struct page_file *file;

	if (!guard_allows(&viewer->options.guard, request->host)) {
		refuse(ret, ERR_DENIED,
			"This address is not one this server answers to: open the one it printed.");
		return;
	}
	route = find_route(request->path);
	file = route ? NULL : page_find(request->path);
	if (route)
		answer_route(viewer, route, request, ret);
	else if (file)
		answer_file(file, request, ret);
	else
		refuse(ret, ERR_NOT_FOUND, "there is nothing here");
}

/* A tree that cannot be built is told to who asks for it. */
static void *prepare(void *owner)
{
	struct viewer *viewer = owner;
	int type = profile_find_type(viewer->options.profile, VIEW(""));
	const struct tree *tree;

	pthread_mutex_lock(&viewer->lock);
	tree_cache_get(&viewer->trees, (size_t)type, 0, &tree, NULL);
	pthread_mutex_unlock(&viewer->lock);
	return NULL;
}

/* Signals are for the program's own threads. */
static void start_preparing(struct viewer *viewer)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	viewer->is_preparing = pthread_create(&viewer->prepares, NULL, prepare, viewer) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int viewer_new(const struct viewer_options *options, struct viewer **ret, struct err *err)
{
	BUF_AUTO downloads = { 0 };
	struct viewer *viewer;

	if (profile_find_type(options->profile, VIEW("")) < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample types: nothing to show");
	viewer = calloc(1, sizeof(*viewer));
	if (!viewer)
		return err_set(err, ERR_NOMEM, "out of memory");
	viewer->options = *options;
	viewer->trees.profile = options->profile;
	pthread_mutex_init(&viewer->lock, NULL);
	export_list(&downloads);
	about_write(options->profile,
		&(struct about_options){ .title = options->title,
			.version = options->version,
			.downloads = buf_view(&downloads),
			.has_source = options->sources,
			.is_partial = options->is_partial,
			.warning = options->warning },
		&viewer->about);
	if (viewer->about.failed || downloads.failed) {
		viewer_free(viewer);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	start_preparing(viewer);
	*ret = viewer;
	return 0;
}

void viewer_free(struct viewer *viewer)
{
	if (!viewer)
		return;
	if (viewer->is_preparing)
		pthread_join(viewer->prepares, NULL);
	tree_cache_fini(&viewer->trees);
	buf_fini(&viewer->about);
	pthread_mutex_destroy(&viewer->lock);
	free(viewer);
}
