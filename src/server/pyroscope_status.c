/* pyroscope_status: querier.v1's questions about the store itself. */
#include "server/pyroscope_status.h"

#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "store/store.h"
#include "wire/proto.h"

#define MS INT64_C(1000000)
#define DAY_NS INT64_C(86400000000000)

/* ---- since when there are profiles ---- */

static int on_any(void *owner, const struct store_type *type)
{
	(void)type;
	*(bool *)owner = true;
	return 1;
}

/* Whether the tenant has anything in the days that [from, to) touches. */
static int look(
	struct store *store, struct view tenant, const int64_t range[2], bool *ret, struct err *err)
{
	struct store_select select = { .tenant = tenant, .from_ns = range[0], .to_ns = range[1] };
	int rc;

	*ret = false;
	rc = store_find_types(store, &select, on_any, ret, err);
	return rc < 0 ? rc : 0;
}

/* The first day of the tenant among days [low, high), of which one at least has something. */
static int find_first(struct store *store, struct view tenant, int64_t days[2], struct err *err)
{
	while (days[1] - days[0] > 1) {
		int64_t middle = days[0] + (days[1] - days[0]) / 2;
		const int64_t before[2] = { days[0] * DAY_NS, middle * DAY_NS };
		bool is_there;
		int rc = look(store, tenant, before, &is_there, err);

		if (rc < 0)
			return rc;
		days[is_there ? 1 : 0] = middle;
	}
	return 0;
}

static int find_last(struct store *store, struct view tenant, int64_t days[2], struct err *err)
{
	while (days[1] - days[0] > 1) {
		int64_t middle = days[0] + (days[1] - days[0]) / 2;
		const int64_t after[2] = { middle * DAY_NS, days[1] * DAY_NS };
		bool is_there;
		int rc = look(store, tenant, after, &is_there, err);

		if (rc < 0)
			return rc;
		days[is_there ? 0 : 1] = middle;
	}
	return 0;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Narrows the store's times to the tenant's; *ret says whether it has any. */
static int narrow(struct store *store, struct view tenant, struct store_figures *f, bool *ret,
	struct err *err)
{
	const int64_t all[2] = { f->oldest_ns, f->newest_ns + 1 };
	int64_t first[2] = { f->oldest_ns / DAY_NS, f->newest_ns / DAY_NS + 1 };
	int64_t last[2] = { first[0], first[1] };
	int rc = look(store, tenant, all, ret, err);

	if (rc < 0 || !*ret)
		return rc;
	rc = find_first(store, tenant, first, err);
	if (rc == 0)
		rc = find_last(store, tenant, last, err);
	f->oldest_ns = later(f->oldest_ns, first[0] * DAY_NS);
	if (f->newest_ns > last[1] * DAY_NS)
		f->newest_ns = last[1] * DAY_NS;
	return rc;
}

static int stats(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct view tenant = view_of(call->http->tenant);
	struct store_figures figures;
	bool is_there;
	int rc = 0;

	store_figures(store, &figures);
	is_there = figures.profiles > 0;
	if (is_there && tenant.len)
		rc = narrow(store, tenant, &figures, &is_there, err);
	if (rc < 0 || !is_there)
		return rc;
	proto_put_number(reply, STATS_INGESTED, 1);
	proto_put_number(reply, STATS_OLDEST, (uint64_t)(figures.oldest_ns / MS));
	proto_put_number(reply, STATS_NEWEST, (uint64_t)(figures.newest_ns / MS));
	return 0;
}

/* ---- how much a query would look at ---- */

struct analysis {
	const struct connect_call *call;
	const struct pyroscope_question *question;
	uint64_t series, profiles;
	struct err *err;
};

static int on_series(void *owner, const struct store_series *series)
{
	struct analysis *a = owner;
	bool is_met = false;

	for (size_t i = 0; i < series->n_types; i++)
		is_met |= pyroscope_question_meets(a->question, &series->types[i]);
	a->series += is_met;
	return 0;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct analysis *a = owner;

	a->profiles += part->n_profiles;
	return connect_check_time(a->call, a->err);
}

static int count(struct analysis *a, struct store *store)
{
	const struct store_select *select = &a->question->select;
	const struct store_scan scan = {
		.select = select, .detail = STORE_TOTALS, .part = on_part, .owner = a
	};
	int rc = store_find_series(store, select, on_series, a, a->err);

	if (rc == 0 && select->type.name.len)
		rc = store_scan(store, &scan, a->err);
	return rc;
}

static void put_analysis(const struct analysis *a, struct buf *reply)
{
	size_t begun = proto_begin(reply, ANALYSIS_SCOPES);

	proto_put_bytes(reply, SCOPE_COMPONENT, VIEW("store"));
	proto_put_number(reply, SCOPE_COMPONENTS, 1);
	proto_put_number(reply, SCOPE_SERIES, a->series);
	proto_put_number(reply, SCOPE_PROFILES, a->profiles);
	proto_end(reply, begun);
	begun = proto_begin(reply, ANALYSIS_IMPACT);
	proto_put_number(reply, IMPACT_SERIES, a->series);
	proto_end(reply, begun);
}

static int analyze(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct err unseen;
	struct pyroscope_question question;
	struct pyroscope_request request;
	struct analysis a = { .call = call, .question = &question, .err = err ? err : &unseen };
	int rc = pyroscope_request_read(
		&pyroscope_messages_analyze_request, call->request, &request, err);

	if (rc < 0)
		return rc;
	rc = pyroscope_question_list(
		&question, &request, request.query, view_of(call->http->tenant), err);
	if (rc == 0)
		rc = count(&a, store);
	if (rc == 0)
		put_analysis(&a, reply);
	pyroscope_question_fini(&question);
	return rc;
}

const struct connect_method pyroscope_status_stats = { &pyroscope_messages_stats_request,
	&pyroscope_messages_stats_reply, stats };
const struct connect_method pyroscope_status_analyze = { &pyroscope_messages_analyze_request,
	&pyroscope_messages_analyze_reply, analyze };
