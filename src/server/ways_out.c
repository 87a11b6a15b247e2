/* ways_out: the routes by which profiles are asked about. */
#include "server/ways_out.h"

#include <stdlib.h>
#include <string.h>

#include "model/merge.h"
#include "model/tree.h"
#include "query/evidence.h"
#include "query/gather.h"
#include "render/layout.h"
#include "render/render_diff.h"
#include "render/render_json.h"
#include "server/arguments.h"
#include "server/export.h"
#include "server/functions.h"
#include "server/payload.h"
#include "server/problem.h"
#include "server/question.h"
#include "server/sourcecode.h"
#include "server/ways_out_lists.h"
#include "server/ways_out_time.h"
#include "server/ways_out_truth.h"

#define NODES_DEFAULT (1u << 20) /* of a picture, before it is cut to what can be seen */
#define NODES_MAX (UINT64_C(1) << 24)
#define PAIR_NODES_DEFAULT 100000u  /* of each side of a comparison's picture */
#define WHOLE_MAX ((size_t)1 << 16) /* frames of a picture that is sent at once */

static void refuse(struct httpd_reply *reply, const struct err *err)
{
	problem_reply(reply, problem_status(err->code), err->text);
	if (reply->status == 503)
		httpd_reply_header(reply, "Retry-After", "1");
}

/* What a question selects, as one profile; owned by the caller. */
struct answer {
	struct profile *profile;
	struct gather_figures figures;
	uint64_t nodes_max; /* unless the request says how many */
	struct arguments_group group;
	bool is_picture;
};

static int read_how(const struct router_call *call, struct answer *answer,
	struct gather_options *options, struct arguments_texts *path, struct err *err)
{
	uint64_t groups_max = GATHER_GROUPS_DEFAULT;
	int rc = arguments_number(call, "max_nodes", NODES_MAX, &answer->nodes_max, err);

	if (rc == 0)
		rc = arguments_number(call, "max_groups", GATHER_GROUPS_MAX, &groups_max, err);
	if (rc == 0)
		rc = arguments_group(call, &answer->group, err);
	if (rc == 0)
		rc = arguments_texts(call, "path", path, err);
	options->nodes_max = (size_t)answer->nodes_max;
	options->group = answer->group.labels;
	options->n_group = answer->group.n;
	options->groups_max = (size_t)groups_max;
	options->group_as_frames = answer->is_picture;
	options->path = path->into;
	options->n_path = path->n;
	return rc;
}

static int merge(const struct ways_out *ways, const struct router_call *call, const char *prefix,
	struct answer *ret, struct err *err)
{
	struct view frames[GATHER_PATH_MAX];
	struct arguments_texts path = { frames, GATHER_PATH_MAX, 0 };
	struct question question;
	struct gather_options options = { .select = &question.select };
	int rc = question_read(&question, call, prefix, err);

	if (rc == 0)
		rc = read_how(call, ret, &options, &path, err);
	if (rc == 0)
		rc = gather(ways->store, &options, &ret->profile, &ret->figures, err);
	question_fini(&question);
	return rc;
}

/* The same, and how many samples it rests on: so that shares have their error. */
static int merge_counted(const struct ways_out *ways, const struct router_call *call,
	const char *prefix, struct answer *ret, struct err *err)
{
	struct question question;
	struct evidence evidence;
	int rc = merge(ways, call, prefix, ret, err);

	if (rc < 0)
		return rc;
	rc = question_read(&question, call, prefix, err);
	if (rc == 0) {
		rc = evidence_gather(ways->store, &question.select, &evidence, err);
		ret->profile->accounting = evidence_accounting(&evidence);
		evidence_fini(&evidence);
	}
	question_fini(&question);
	return rc;
}

static void tell_merged(struct httpd_reply *reply, const struct gather_figures *figures)
{
	httpd_reply_header(reply, "X-Flyover-Merged",
		"profiles=%llu series=%llu nodes=%zu cut=%zu groups=%zu joined=%zu unnamed=%zu",
		(unsigned long long)figures->profiles, (unsigned long long)figures->series,
		figures->nodes, figures->nodes_cut, figures->groups, figures->groups_joined,
		figures->unnamed);
}

static void finish(
	const struct router_call *call, struct httpd_reply *reply, int rc, const struct err *err)
{
	if (rc < 0)
		refuse(reply, err);
	else if (reply->made.failed)
		problem_reply(reply, 503, "out of memory for the answer");
	else
		payload_pack(call->http, reply);
}

static void profile(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	const char *format = httpd_argument(call->http, "format");
	struct answer answer = { 0 };
	struct export_result result = { 0 };
	struct err err = { 0 };
	int rc = merge_counted(owner, call, "", &answer, &err);

	if (rc == 0)
		rc = export_write(&(struct export_request){ .profile = answer.profile,
					  .title = "flyover",
					  .format = format ? format : "pprof" },
			&result, &err);
	if (rc == 0) {
		reply->made = result.bytes;
		reply->mime = result.mime;
		reply->file = result.file;
		tell_merged(reply, &answer.figures);
	} else {
		buf_fini(&result.bytes);
	}
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static int write_flame(const struct router_call *call, const struct answer *answer, struct buf *out,
	struct err *err)
{
	struct tree_options options = { .base_type = -1 };
	struct layout_options layout = { .whole_max = WHOLE_MAX };
	struct tree tree;
	int rc = arguments_number(call, "x_from", UINT64_MAX, &layout.from, err);

	if (rc == 0)
		rc = arguments_number(call, "x_to", UINT64_MAX, &layout.to, err);
	if (rc < 0)
		return rc;
	rc = tree_build(answer->profile, &options, &tree, err);
	if (rc == 0)
		rc = layout_write(&tree, &layout, out, err);
	tree_fini(&tree);
	return rc;
}

static void flame(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct answer answer = { .nodes_max = NODES_DEFAULT, .is_picture = true };
	struct err err = { 0 };
	int rc = merge(owner, call, "", &answer, &err);

	if (rc == 0)
		rc = write_flame(call, &answer, &reply->made, &err);
	reply->mime = "application/octet-stream";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static void top(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct answer answer = { 0 };
	struct err err = { 0 };
	int rc = merge_counted(owner, call, "", &answer, &err);

	if (rc == 0)
		rc = render_json_top(
			answer.profile, &(struct render_text_options){ 0 }, &reply->made, &err);
	reply->mime = "application/json";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

/* What there is to say about one function. */
static void of_function(struct ways_out *ways, const struct router_call *call,
	struct httpd_reply *reply,
	int (*write)(const struct profile *profile, size_t type, struct view name, struct buf *out,
		struct err *err))
{
	const char *function = httpd_argument(call->http, "function");
	struct answer answer = { 0 };
	struct err err = { 0 };
	int rc = function ? 0 : err_set(&err, ERR_USAGE, "function= has to name one");

	if (rc == 0)
		rc = merge(ways, call, "", &answer, &err);
	if (rc == 0)
		rc = write(answer.profile, 0, view_of(function), &reply->made, &err);
	reply->mime = "application/json";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static void peek(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	of_function(owner, call, reply, functions_peek);
}

static void lines(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	of_function(owner, call, reply, functions_lines);
}

static void source(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct ways_out *ways = owner;
	const char *function = httpd_argument(call->http, "function");
	const char *file = httpd_argument(call->http, "file");
	struct answer answer = { 0 };
	struct err err = { 0 };
	int rc = function && file
			 ? 0
			 : err_set(&err, ERR_USAGE, "function= and file= have to name one");

	if (rc == 0)
		rc = merge(ways, call, "", &answer, &err);
	if (rc == 0)
		rc = sourcecode_write(ways->sources, answer.profile,
			&(struct sourcecode_question){ 0, view_of(function), view_of(file) },
			&reply->made, &err);
	reply->mime = "application/json";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static void compare(struct ways_out *ways, const struct router_call *call,
	struct httpd_reply *reply, uint64_t nodes_max,
	int (*write)(const struct router_call *call, const struct profile *base,
		const struct profile *now, struct buf *out, struct err *err))
{
	struct answer left = { .nodes_max = nodes_max }, right = { .nodes_max = nodes_max };
	struct err err = { 0 };
	int rc = merge_counted(ways, call, "left_", &left, &err);

	if (rc == 0)
		rc = merge_counted(ways, call, "right_", &right, &err);
	if (rc == 0)
		rc = write(call, left.profile, right.profile, &reply->made, &err);
	profile_free(left.profile);
	profile_free(right.profile);
	finish(call, reply, rc, &err);
}

static int write_diff(const struct router_call *call, const struct profile *base,
	const struct profile *now, struct buf *out, struct err *err)
{
	struct render_diff_options options = { .all = httpd_argument(call->http, "all") };

	return render_json_diff(base, now, &options, out, err);
}

static void diff(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	reply->mime = "application/json";
	compare(owner, call, reply, 0, write_diff);
}

static int write_diff_flame(const struct router_call *call, const struct profile *base,
	const struct profile *now, struct buf *out, struct err *err)
{
	PROFILE_AUTO pair = NULL;
	struct tree tree = { 0 };
	int rc = merge_pair(base, now, VIEW(""), &pair, err);

	(void)call;
	if (rc < 0)
		return rc;
	rc = tree_build(pair, &(struct tree_options){ .type = 1, .base_type = 0 }, &tree, err);
	if (rc == 0)
		rc = layout_write(&tree, &(struct layout_options){ 0 }, out, err);
	tree_fini(&tree);
	return rc;
}

static void diff_flame(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	reply->mime = "application/octet-stream";
	compare(owner, call, reply, PAIR_NODES_DEFAULT, write_diff_flame);
}

/* The routes that list things share all but what they write. */
static void list(struct ways_out *ways, const struct router_call *call, struct httpd_reply *reply,
	int (*write)(struct store *store, const struct question *question,
		const struct router_call *call, struct buf *out, struct err *err))
{
	struct question question;
	struct err err = { 0 };
	int rc = question_read(&question, call, "", &err);

	if (rc == 0)
		rc = write(ways->store, &question, call, &reply->made, &err);
	question_fini(&question);
	reply->mime = "application/json";
	finish(call, reply, rc, &err);
}

static void types(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_types);
}

static void labels(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_labels);
}

static void values(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply,
		arguments_flag(call, "counts") ? ways_out_time_counts : ways_out_lists_values);
}

static void series(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_series);
}

static void timeline(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_time_line);
}

static void share(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_time_share);
}

static void heatmap(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_time_heatmap);
}

static void truth(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_truth);
}

static void traces(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_traces);
}

static const struct route routes[] = {
	{ "GET", "/api/v1/types", types, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/labels", labels, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/label/?/values", values, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/series", series, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/timeline", timeline, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/share", share, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/heatmap", heatmap, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/truth", truth, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/profile", profile, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/flame", flame, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/top", top, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/peek", peek, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/lines", lines, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/source", source, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/diff", diff, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/diff/flame", diff_flame, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/traces", traces, SCOPE_READ, LANE_QUERY },
};

struct router_table ways_out_table(struct ways_out *ways)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), ways };
}
