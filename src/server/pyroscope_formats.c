/* pyroscope_formats: a profile in the forms that querier.v1 answers in. */
#include "server/pyroscope_formats.h"

#include "codec/calltree.h"
#include "codec/flamebearer.h"
#include "codec/pprof_format.h"
#include "codec/pprof_json.h"
#include "render/render_dot.h"
#include "server/pyroscope_messages.h"
#include "wire/proto.h"

int pyroscope_formats_nodes(const struct pyroscope_request *request, size_t *ret, struct err *err)
{
	int64_t asked = request->nodes_max;

	if (asked > PYROSCOPE_NODES_MAX)
		return err_set(err, ERR_USAGE, "max_nodes is %d at most, not %lld",
			PYROSCOPE_NODES_MAX, (long long)asked);
	*ret = asked > 0 ? (size_t)asked : PYROSCOPE_NODES_DEFAULT;
	return 0;
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

/* A flame graph or a tree. */
static int put_nodes(const struct pyroscope_request *request, const struct profile *profile,
	struct buf *reply, struct err *err)
{
	struct tree_options options = { .base_type = -1 };
	struct tree tree;
	size_t nodes = 0;
	int rc = tree_build(profile, &options, &tree, err);

	if (rc == 0)
		rc = pyroscope_formats_nodes(request, &nodes, err);
	if (rc == 0)
		rc = (request->format == FORMAT_TREE ? put_tree : put_flamegraph)(
			&tree, nodes, reply, err);
	tree_fini(&tree);
	return rc;
}

int pyroscope_formats_dot(
	const struct profile *profile, size_t functions_max, struct buf *out, struct err *err)
{
	struct render_dot_options dot = { .functions_max = functions_max,
		.unit = profile_text(profile, profile->types[0].unit),
		.type = profile_text(profile, profile->types[0].type) };
	struct tree_options options = { .base_type = -1 };
	struct tree tree;
	int rc = tree_build(profile, &options, &tree, err);

	if (rc == 0)
		rc = render_dot(&tree, &dot, out, err);
	tree_fini(&tree);
	return rc;
}

static int put_dot(const struct pyroscope_request *request, const struct profile *profile,
	struct buf *reply, struct err *err)
{
	BUF_AUTO dot = { 0 };
	int rc = pyroscope_formats_dot(profile,
		request->nodes_max > 0 ? (size_t)request->nodes_max : PYROSCOPE_FUNCTIONS_DEFAULT,
		&dot, err);

	reply->failed |= dot.failed;
	if (rc == 0)
		proto_put_bytes(reply, STACKS_REPLY_DOT, buf_view(&dot)); /* it is UTF-8 */
	return rc;
}

int pyroscope_formats_pprof(const struct profile *profile, struct buf *out, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = pprof_encode(profile, &message, err);

	out->failed |= message.failed;
	if (rc == 0)
		pprof_json_clean(buf_view(&message), out);
	return rc;
}

static int put_pprof(const struct profile *profile, struct buf *reply, struct err *err)
{
	size_t begun = proto_begin(reply, STACKS_REPLY_PPROF);
	size_t inner = proto_begin(reply, PPROF_REPLY_PROFILE);
	int rc = pyroscope_formats_pprof(profile, reply, err);

	proto_end(reply, inner);
	proto_end(reply, begun);
	return rc;
}

int pyroscope_formats_put(const struct pyroscope_request *request, const struct profile *profile,
	struct buf *reply, struct err *err)
{
	switch (request->format) {
	case FORMAT_UNSAID:
	case FORMAT_FLAMEGRAPH:
	case FORMAT_TREE:
		return put_nodes(request, profile, reply, err);
	case FORMAT_DOT:
		return put_dot(request, profile, reply, err);
	case FORMAT_PPROF:
		return put_pprof(profile, reply, err);
	default:
		return err_set(err, ERR_USAGE, "format %llu is not known",
			(unsigned long long)request->format);
	}
}
