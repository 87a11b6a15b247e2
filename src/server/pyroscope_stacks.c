/* pyroscope_stacks: querier.v1's questions whose answer is one merged profile. */
#include "server/pyroscope_stacks.h"

#include "codec/calltree.h"
#include "codec/flamebearer.h"
#include "model/callsite.h"
#include "query/gather.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

/* Stacks are cut before they have names, and nodes after: equal frames of several services, and
 * inlined ones, need some more of the first. */
#define NODES_GATHERED(nodes) ((nodes)*4 > 65536 ? (nodes)*4 : 65536)

int pyroscope_stacks_nodes(const struct pyroscope_request *request, size_t *ret, struct err *err)
{
	int64_t asked = request->nodes_max;

	if (asked > PYROSCOPE_NODES_MAX)
		return err_set(err, ERR_USAGE, "max_nodes is %d at most, not %lld",
			PYROSCOPE_NODES_MAX, (long long)asked);
	*ret = asked > 0 ? (size_t)asked : PYROSCOPE_NODES_DEFAULT;
	return 0;
}

static int nothing(const struct store_select *select, struct profile **ret, struct err *err)
{
	*ret = profile_new();
	if (!*ret)
		return err_set(err, ERR_NOMEM, "out of memory");
	return profile_add_type(*ret, select->type.type, select->type.unit, err);
}

static int keep_call_site(
	const struct pyroscope_request *request, struct profile **profile, struct err *err)
{
	struct callsite site = { request->call_site, request->n_call_site };
	struct profile *kept;
	int rc;

	if (!site.n)
		return 0;
	rc = callsite_filter(*profile, &site, &kept, err);
	profile_free(*profile);
	*profile = kept;
	return rc;
}

int pyroscope_stacks_gather(const struct pyroscope_stacks_options *options,
	const struct pyroscope_request *request, struct profile **ret, struct err *err)
{
	struct pyroscope_question question;
	size_t nodes = 0;
	int rc = pyroscope_question_profiles(&question, request, options->tenant, err);

	*ret = NULL;
	if (rc == 0)
		rc = pyroscope_stacks_nodes(request, &nodes, err);
	if (rc == 0 && question.is_nothing)
		rc = nothing(&question.select, ret, err);
	else if (rc == 0)
		rc = gather(options->store,
			&(struct gather_options){ .select = &question.select,
				.nodes_max = options->whole || request->n_call_site
						     ? 0
						     : NODES_GATHERED(nodes) },
			ret, NULL, err);
	if (rc == 0)
		rc = keep_call_site(request, ret, err);
	if (rc < 0) {
		profile_free(*ret);
		*ret = NULL;
	}
	pyroscope_question_fini(&question);
	return rc;
}

static int put_flamegraph(const struct tree *tree, size_t nodes, struct buf *reply, struct err *err)
{
	struct flamebearer flamebearer;
	size_t begun = proto_begin(reply, STACKS_REPLY_FLAMEGRAPH);
	int rc = flamebearer_make(tree, nodes, &flamebearer, err);

	if (rc == 0)
		flamebearer_proto(&flamebearer, reply);
	proto_end(reply, begun);
	flamebearer_fini(&flamebearer);
	return rc;
}

static int put_tree(const struct tree *tree, size_t nodes, struct buf *reply, struct err *err)
{
	size_t begun = proto_begin(reply, STACKS_REPLY_TREE);
	int rc = calltree_write(tree, nodes, reply, err);

	proto_end(reply, begun);
	return rc;
}

static int put(const struct pyroscope_request *request, const struct profile *profile,
	struct buf *reply, struct err *err)
{
	struct tree_options options = { .base_type = -1 };
	struct tree tree;
	size_t nodes = 0;
	int rc = tree_build(profile, &options, &tree, err);

	if (rc == 0)
		rc = pyroscope_stacks_nodes(request, &nodes, err);
	if (rc == 0)
		rc = (request->format == FORMAT_TREE ? put_tree : put_flamegraph)(
			&tree, nodes, reply, err);
	tree_fini(&tree);
	return rc;
}

static int merge(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_stacks_options options = { store, view_of(call->http->tenant), false };
	PROFILE_AUTO profile = NULL;
	struct pyroscope_request request;
	int rc = pyroscope_request_read(
		&pyroscope_messages_stacks_request, call->request, &request, err);

	if (rc == 0 && request.format > FORMAT_TREE)
		rc = err_set(err, ERR_UNSUPPORTED, "format is a flame graph or a tree here");
	if (rc == 0)
		rc = pyroscope_stacks_gather(&options, &request, &profile, err);
	if (rc == 0)
		rc = connect_check_time(call, err);
	if (rc == 0)
		rc = put(&request, profile, reply, err);
	return rc;
}

const struct connect_method pyroscope_stacks_merge = { &pyroscope_messages_stacks_request,
	&pyroscope_messages_stacks_reply, merge };
