/* pyroscope_diff: two selections side by side, as one flame graph. */
#include "server/pyroscope_diff.h"

#include "model/merge.h"
#include "server/pyroscope_formats.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_stacks.h"
#include "wire/proto.h"

static int count_nodes(const struct pyroscope_diff_options *options, size_t *ret, struct err *err)
{
	size_t left = 0, right = 0;
	int rc = pyroscope_formats_nodes(options->left, &left, err);

	if (rc == 0)
		rc = pyroscope_formats_nodes(options->right, &right, err);
	*ret = left > right ? left : right;
	return rc;
}

static struct view type_of(const struct profile *profile)
{
	return profile_text(profile, profile->types[0].type);
}

/* *ret_left and *ret are the caller's. */
static int gather_pair(const struct pyroscope_diff_options *options, size_t nodes,
	struct profile **ret_left, struct profile **ret, struct err *err)
{
	struct pyroscope_stacks_options how = { options->store, options->tenant,
		pyroscope_stacks_for(nodes) };
	PROFILE_AUTO right = NULL;
	int rc = pyroscope_stacks_gather(&how, options->left, ret_left, err);

	if (rc < 0) {
		err_where(err, "left");
		return rc;
	}
	rc = pyroscope_stacks_gather(&how, options->right, &right, err);
	if (rc < 0) {
		err_where(err, "right");
		return rc;
	}
	if (options->same_type && !view_equal(type_of(*ret_left), type_of(right)))
		return err_set(err, ERR_USAGE, "both sides have to be of one type");
	return merge_pair(*ret_left, right, VIEW(""), ret, err);
}

int pyroscope_diff_make(
	const struct pyroscope_diff_options *options, struct pyroscope_diff *ret, struct err *err)
{
	struct tree_options sides = { .type = 1, .base_type = 0 };
	PROFILE_AUTO pair = NULL;
	size_t nodes;
	int rc;

	*ret = (struct pyroscope_diff){ 0 };
	rc = count_nodes(options, &nodes, err);
	if (rc == 0)
		rc = gather_pair(options, nodes, &ret->left, &pair, err);
	if (rc == 0)
		rc = tree_build(pair, &sides, &ret->tree, err);
	if (rc == 0)
		rc = flamebearer_make(&ret->tree, nodes, &ret->flamebearer, err);
	return rc;
}

void pyroscope_diff_fini(struct pyroscope_diff *diff)
{
	flamebearer_fini(&diff->flamebearer);
	tree_fini(&diff->tree);
	profile_free(diff->left);
	diff->left = NULL;
}

static int diff(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_request both, left, right;
	struct pyroscope_diff made = { 0 };
	int rc =
		pyroscope_request_read(&pyroscope_messages_diff_request, call->request, &both, err);

	if (rc == 0)
		rc = pyroscope_request_read(
			&pyroscope_messages_stacks_request, both.left, &left, err);
	if (rc == 0)
		rc = pyroscope_request_read(
			&pyroscope_messages_stacks_request, both.right, &right, err);
	left.budget = right.budget = call->http->budget;
	if (rc == 0)
		rc = pyroscope_diff_make(
			&(struct pyroscope_diff_options){
				store, view_of(call->http->tenant), &left, &right, false },
			&made, err);
	if (rc == 0) {
		size_t begun = proto_begin(reply, DIFF_REPLY_FLAMEGRAPH);

		flamebearer_proto(&made.flamebearer, reply);
		proto_end(reply, begun);
	}
	pyroscope_diff_fini(&made);
	return rc;
}

const struct connect_method pyroscope_diff_method = { &pyroscope_messages_diff_request,
	&pyroscope_messages_diff_reply, diff };
