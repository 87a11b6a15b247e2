/* ways_out: the routes by which profiles are asked about. */
#include "server/ways_out.h"

#include <stdlib.h>
#include <string.h>

#include "model/tree.h"
#include "query/gather.h"
#include "render/layout.h"
#include "render/render_diff.h"
#include "render/render_json.h"
#include "server/arguments.h"
#include "server/export.h"
#include "server/payload.h"
#include "server/problem.h"
#include "server/question.h"
#include "server/ways_out_lists.h"

#define NODES_DEFAULT 16384u
#define NODES_MAX (UINT64_C(1) << 24)
#define WHOLE_MAX ((size_t)1 << 20) /* frames of a picture that is sent at once */

static void refuse(struct httpd_reply *reply, const struct err *err)
{
	problem_reply(reply, problem_status(err->code), err->text);
}

/* What a question selects, as one profile; owned by the caller. */
struct answer {
	struct profile *profile;
	struct gather_figures figures;
	uint64_t nodes_max; /* unless the request says how many */
};

static int merge(const struct ways_out *ways, const struct router_call *call, const char *prefix,
	struct answer *ret, struct err *err)
{
	uint64_t nodes_max = ret->nodes_max;
	struct question question;
	int rc = question_read(&question, call, prefix, err);

	if (rc == 0)
		rc = arguments_number(call, "max_nodes", NODES_MAX, &nodes_max, err);
	if (rc == 0)
		rc = gather(ways->store,
			&(struct gather_options){ &question.select, (size_t)nodes_max },
			&ret->profile, &ret->figures, err);
	question_fini(&question);
	return rc;
}

static void tell_merged(struct httpd_reply *reply, const struct gather_figures *figures)
{
	httpd_reply_header(reply, "X-Flyover-Merged", "profiles=%llu series=%llu nodes=%zu cut=%zu",
		(unsigned long long)figures->profiles, (unsigned long long)figures->series,
		figures->nodes, figures->nodes_cut);
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
	int rc = merge(owner, call, "", &answer, &err);

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

static int write_flame(const struct router_call *call, const struct profile *from, struct buf *out,
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
	rc = tree_build(from, &options, &tree, err);
	if (rc == 0)
		rc = layout_write(&tree, &layout, out, err);
	tree_fini(&tree);
	return rc;
}

static void flame(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct answer answer = { .nodes_max = NODES_DEFAULT };
	struct err err = { 0 };
	int rc = merge(owner, call, "", &answer, &err);

	if (rc == 0)
		rc = write_flame(call, answer.profile, &reply->made, &err);
	reply->mime = "application/octet-stream";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static void top(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct answer answer = { 0 };
	struct err err = { 0 };
	int rc = merge(owner, call, "", &answer, &err);

	if (rc == 0)
		rc = render_json_top(
			answer.profile, &(struct render_text_options){ 0 }, &reply->made, &err);
	reply->mime = "application/json";
	tell_merged(reply, &answer.figures);
	profile_free(answer.profile);
	finish(call, reply, rc, &err);
}

static void diff(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct answer left = { 0 }, right = { 0 };
	struct err err = { 0 };
	int rc = merge(owner, call, "left_", &left, &err);

	if (rc == 0)
		rc = merge(owner, call, "right_", &right, &err);
	if (rc == 0)
		rc = render_json_diff(left.profile, right.profile,
			&(struct render_diff_options){ .all = httpd_argument(call->http, "all") },
			&reply->made, &err);
	reply->mime = "application/json";
	profile_free(left.profile);
	profile_free(right.profile);
	finish(call, reply, rc, &err);
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
	list(owner, call, reply, ways_out_lists_values);
}

static void series(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_series);
}

static void timeline(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	list(owner, call, reply, ways_out_lists_timeline);
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
	{ "GET", "/api/v1/profile", profile, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/flame", flame, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/top", top, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/diff", diff, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/traces", traces, SCOPE_READ, LANE_QUERY },
};

struct router_table ways_out_table(struct ways_out *ways)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), ways };
}
