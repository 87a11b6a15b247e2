/* pyroscope_stacks: querier.v1's questions whose answer is one merged profile. */
#include "server/pyroscope_stacks.h"

#include "codec/pprof_json.h"
#include "model/callsite.h"
#include "model/leafends.h"
#include "query/gather.h"
#include "server/pyroscope_formats.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

#define STACKS_MIN 65536u
#define ASYNC_FORCE 1
#define ASYNC_SUCCESS 2

/* Equal frames of several services, and inlined ones, need some more. */
size_t pyroscope_stacks_for(size_t nodes)
{
	return 4 * nodes > STACKS_MIN ? 4 * nodes : STACKS_MIN;
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

static int merge(const struct pyroscope_stacks_options *options,
	const struct pyroscope_request *request, const struct pyroscope_question *question,
	struct profile **ret, struct err *err)
{
	struct gather_options how = { .select = &question->select,
		.nodes_max = options->nodes_max,
		.levels_summed = true,
		.path = request->call_site,
		.n_path = request->n_call_site };
	int rc =
		question->is_nothing ? ERR_NOT_FOUND : gather(options->store, &how, ret, NULL, err);

	return rc == ERR_NOT_FOUND ? nothing(&question->select, ret, err) : rc;
}

int pyroscope_stacks_gather(const struct pyroscope_stacks_options *options,
	const struct pyroscope_request *request, struct profile **ret, struct err *err)
{
	struct pyroscope_question question;
	int rc = pyroscope_question_profiles(&question, request, options->tenant, err);

	*ret = NULL;
	if (rc == 0)
		rc = merge(options, request, &question, ret, err);
	if (rc == 0)
		rc = keep_call_site(request, ret, err);
	if (rc < 0) {
		profile_free(*ret);
		*ret = NULL;
	}
	pyroscope_question_fini(&question);
	return rc;
}

/* There is nothing to come back for: whoever asks for an answer later has it at once. */
static int answer_async(const struct pyroscope_request *request, struct buf *reply, struct err *err)
{
	size_t begun;

	if (request->async_id.len)
		return err_set(err, ERR_NOT_FOUND,
			"no question has that request_id: each is answered at once here");
	if (request->async_type != ASYNC_FORCE)
		return 0;
	begun = proto_begin(reply, STACKS_REPLY_ASYNC);
	proto_put_number(reply, ASYNC_REPLY_STATUS, ASYNC_SUCCESS);
	proto_end(reply, begun);
	return 0;
}

/* A bare profile has all its stacks unless the request says how many. */
static size_t stacks_of(const struct pyroscope_request *request, size_t nodes)
{
	if (request->format != FORMAT_PPROF)
		return pyroscope_stacks_for(nodes);
	return request->nodes_max > 0 ? nodes : 0;
}

static int cut_for_pgo(
	const struct pyroscope_request *request, struct profile **profile, struct err *err)
{
	const struct leafends_options options = { .locations_max = request->keep_locations,
		.without_leaf_line = request->aggregate_callees };
	struct profile *cut;
	int rc = leafends(*profile, &options, &cut, err);

	profile_free(*profile);
	*profile = cut;
	return rc;
}

static int gather_for(void *store, const struct connect_call *call,
	const struct pyroscope_request *request, struct profile **ret, struct err *err)
{
	struct pyroscope_stacks_options options = { store, view_of(call->http->tenant), 0 };
	size_t nodes = 0;
	int rc = pyroscope_formats_nodes(request, &nodes, err);

	if (rc < 0)
		return rc;
	options.nodes_max = stacks_of(request, nodes);
	rc = pyroscope_stacks_gather(&options, request, ret, err);
	if (rc == 0 && request->for_pgo && request->format == FORMAT_PPROF)
		rc = cut_for_pgo(request, ret, err);
	return rc < 0 ? rc : connect_check_time(call, err);
}

static int answer(void *store, const struct connect_call *call,
	const struct protojson_message *message, struct buf *reply, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	struct pyroscope_request request;
	int rc = pyroscope_request_read(message, call->request, &request, err);

	request.budget = call->http->budget;
	if (rc == 0)
		rc = answer_async(&request, reply, err);
	if (rc == 0)
		rc = gather_for(store, call, &request, &profile, err);
	if (rc == 0)
		rc = pyroscope_formats_put(&request, profile, reply, err);
	return rc;
}

static int stacks(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	return answer(store, call, &pyroscope_messages_stacks_request, reply, err);
}

/* Its reply is the beginning of the other one's. */
static int spans(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	return answer(store, call, &pyroscope_messages_spans_request, reply, err);
}

static int profile(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	PROFILE_AUTO gathered = NULL;
	struct pyroscope_request request;
	int rc = pyroscope_request_read(
		&pyroscope_messages_profile_request, call->request, &request, err);

	request.budget = call->http->budget;
	request.format = FORMAT_PPROF;
	if (rc == 0)
		rc = gather_for(store, call, &request, &gathered, err);
	if (rc == 0)
		rc = pyroscope_formats_pprof(gathered, reply, err);
	return rc;
}

const struct connect_method pyroscope_stacks_merge = { &pyroscope_messages_stacks_request,
	&pyroscope_messages_stacks_reply, stacks };
const struct connect_method pyroscope_stacks_spans = { &pyroscope_messages_spans_request,
	&pyroscope_messages_stacks_reply, spans };
const struct connect_method pyroscope_stacks_profile = { &pyroscope_messages_profile_request,
	&pprof_json_profile, profile };
