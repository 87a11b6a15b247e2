/* ways_in: the routes by which profiles come. */
#include "server/ways_in.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "ingest/direct.h"
#include "ingest/legacy.h"
#include "ingest/pushmessage.h"
#include "server/payload.h"
#include "server/problem.h"

struct ways_in {
	struct intake *intake;
	struct journal *journal;
	struct metrics *metrics;
	pthread_mutex_t lock;
	char trouble[ERR_TEXT_MAX]; /* under the lock */
};

/* A request whose profiles are on their way to the disk. */
struct pending {
	struct ways_in *ways;
	const struct router_call *call;
	struct httpd_call *answers;
	struct ways_in_answer answer;
};

void ways_in_note(struct ways_in *ways, int code, const struct err *err)
{
	pthread_mutex_lock(&ways->lock);
	snprintf(ways->trouble, sizeof(ways->trouble), "%s", code < 0 ? err->text : "");
	pthread_mutex_unlock(&ways->lock);
}

void ways_in_trouble(struct ways_in *ways, char *into)
{
	pthread_mutex_lock(&ways->lock);
	memcpy(into, ways->trouble, sizeof(ways->trouble));
	pthread_mutex_unlock(&ways->lock);
}

/* The limit that the sentence names, "" if it names none that there is. */
static const char *limit_in(const char *sentence)
{
	const char *named = strstr(sentence, "limits.");
	struct view name = { 0 };

	if (named)
		name = (struct view){ named + strlen("limits."),
			strspn(named + strlen("limits."), "abcdefghijklmnopqrstuvwxyz_") };
	for (const struct limit *l = limits_all; named && l->name; l++)
		if (view_equal(name, view_of(l->name)))
			return l->name;
	return "";
}

static void count_refusal(struct ways_in *ways, const struct refusal *refusal)
{
	char labels[80];

	snprintf(labels, sizeof(labels), "status=\"%u\",limit=\"%s\"", refusal->status,
		limit_in(refusal->text));
	metrics_count(
		metrics_counter(ways->metrics, "flyover_ingest_refused_total",
			"Requests whose profiles were not taken, by status and limit.", labels),
		1);
}

void ways_in_tell(
	struct ways_in *ways, const struct ways_in_sender *sender, const struct refusal *refusal)
{
	count_refusal(ways, refusal);
	journal_say(ways->journal, refusal->status >= 500 ? JOURNAL_WARN : JOURNAL_INFO,
		"profiles refused",
		(const struct journal_field[]){
			{ "id", sender->id },
			{ "path", sender->path },
			{ "tenant", sender->tenant },
			{ "reason", view_of(refusal->text) },
		},
		4);
}

void ways_in_refuse(struct ways_in *ways, const struct router_call *call,
	const struct refusal *refusal, struct httpd_reply *reply)
{
	struct ways_in_sender sender = { view_of(call->id), view_of(call->http->path),
		view_of(call->tenant) };

	ways_in_tell(ways, &sender, refusal);
	problem_reply(reply, refusal->status, refusal->text);
	if (refusal->retry_after_s)
		httpd_reply_header(reply, "Retry-After", "%u", refusal->retry_after_s);
}

static void refuse_as(
	const struct pending *pending, const struct refusal *refusal, struct httpd_reply *reply)
{
	ways_in_refuse(pending->ways, pending->call, refusal, reply);
	if (pending->answer.word)
		pending->answer.word(refusal, reply);
}

static void on_disk(void *owner, int code, const struct err *err)
{
	struct pending *pending = owner;
	struct httpd_reply reply = { .mime = pending->answer.mime,
		.body = pending->answer.body,
		.made = pending->answer.made };
	struct refusal refusal = { 0 };

	router_begin(pending->call, &reply);
	ways_in_note(pending->ways, code, err);
	if (code < 0) {
		refusal_set(&refusal, 503, "not kept: %s", err->text);
		refusal.retry_after_s = 5;
		refuse_as(pending, &refusal, &reply);
	}
	httpd_answer(pending->answers, &reply);
	free(pending);
}

void ways_in_take(struct ways_in *ways, const struct router_call *call, struct intake_batch *batch,
	const struct ways_in_answer *answer, struct httpd_reply *reply)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	struct store_receipt receipt = { on_disk, pending };
	struct refusal refusal = { 0 };
	struct httpd_reply refused = { 0 };

	if (!pending) {
		buf_fini(&reply->made);
		reply->made = answer->made;
		problem_reply(reply, 503, "out of memory");
		return;
	}
	*pending = (struct pending){ ways, call, httpd_defer(call->http), *answer };
	if (intake_take(ways->intake, view_of(call->tenant), batch, &receipt, &refusal) == 0)
		return;
	router_begin(call, &refused);
	refused.made = pending->answer.made;
	refuse_as(pending, &refusal, &refused);
	httpd_answer(pending->answers, &refused);
	free(pending);
}

static bool read_body(const struct ways_in *ways, const struct router_call *call, struct buf *room,
	struct view *ret, struct httpd_reply *reply)
{
	const struct limits *limits = intake_limits(ways->intake);
	struct payload_limits unpack = { limits->unpacked_bytes, limits->unpack_ratio,
		"limits.unpacked_bytes or limits.unpack_ratio" };

	return payload_read(call->http, &unpack, room, ret, reply);
}

static struct view argument(const struct router_call *call, const char *name)
{
	return view_of(httpd_argument(call->http, name));
}

static struct view header(const struct router_call *call, const char *name)
{
	return view_of(httpd_header(call->http, name));
}

static void ingest(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct ways_in_answer answer = { 0 };
	struct ways_in *ways = owner;
	struct intake_batch batch = { .seat.room = intake_room(ways->intake) };
	struct refusal refusal = { 0 };
	BUF_AUTO room = { 0 };
	struct legacy_request request = { .name = argument(call, "name"),
		.from = argument(call, "from"),
		.until = argument(call, "until"),
		.format = argument(call, "format"),
		.sample_rate = argument(call, "sampleRate"),
		.spy = argument(call, "spyName"),
		.units = argument(call, "units"),
		.content_type = header(call, "Content-Type"),
		.key = header(call, "Idempotency-Key"),
		.now_ns = (int64_t)clock_realtime_ns() };

	if (!read_body(ways, call, &room, &request.body, reply))
		return;
	if (legacy_read(&request, intake_limits(ways->intake), &batch, &refusal) == 0)
		ways_in_take(ways, call, &batch, &answer, reply);
	else
		ways_in_refuse(ways, call, &refusal, reply);
	intake_batch_fini(&batch);
}

static void push(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct ways_in_answer proto = { .mime = "application/proto" };
	static const struct ways_in_answer json = { .mime = "application/json",
		.body = VIEW("{}") };
	struct ways_in *ways = owner;
	struct view type = header(call, "Content-Type"), body;
	bool is_json = view_starts(type, VIEW("application/json"));
	struct intake_batch batch = { .seat.room = intake_room(ways->intake) };
	struct refusal refusal = { 0 };
	BUF_AUTO room = { 0 };
	int rc;

	if (!is_json && !view_starts(type, VIEW("application/proto"))) {
		problem_reply(reply, 415, "Push takes application/proto or application/json");
		return;
	}
	if (!read_body(ways, call, &room, &body, reply))
		return;
	rc = (is_json ? pushmessage_json : pushmessage_proto)(
		body, intake_limits(ways->intake), &batch, &refusal);
	if (rc == 0)
		ways_in_take(ways, call, &batch, is_json ? &json : &proto, reply);
	else
		ways_in_refuse(ways, call, &refusal, reply);
	intake_batch_fini(&batch);
}

struct labels {
	struct labelset set;
	struct refusal *refusal;
	int rc;
};

static bool add_label(void *owner, const char *value)
{
	struct labels *labels = owner;

	labels->rc = direct_label(&labels->set, view_of(value), labels->refusal);
	return labels->rc == 0;
}

static void profiles(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct ways_in_answer answer = { .mime = "application/json",
		.body = VIEW("{}\n") };
	struct ways_in *ways = owner;
	struct intake_batch batch = { .seat.room = intake_room(ways->intake) };
	struct refusal refusal = { 0 };
	struct labels labels = { .refusal = &refusal };
	BUF_AUTO room = { 0 };
	struct direct_request request = { .service = argument(call, "service"),
		.type = argument(call, "type"),
		.from = argument(call, "from"),
		.until = argument(call, "until"),
		.format = argument(call, "format"),
		.key = header(call, "Idempotency-Key"),
		.labels = &labels.set,
		.now_ns = (int64_t)clock_realtime_ns() };

	if (!read_body(ways, call, &room, &request.body, reply))
		return;
	labelset_init(&labels.set, &batch.arena);
	httpd_arguments(call->http, "label", add_label, &labels);
	if (labels.rc == 0)
		labels.rc = direct_read(&request, intake_limits(ways->intake), &batch, &refusal);
	if (labels.rc == 0)
		ways_in_take(ways, call, &batch, &answer, reply);
	else
		ways_in_refuse(ways, call, &refusal, reply);
	intake_batch_fini(&batch);
}

static const struct route routes[] = {
	{ "POST", "/ingest", ingest, SCOPE_INGEST, LANE_INGEST },
	{ "POST", "/pyroscope/ingest", ingest, SCOPE_INGEST, LANE_INGEST },
	{ "POST", "/push.v1.PusherService/Push", push, SCOPE_INGEST, LANE_INGEST },
	{ "POST", "/api/v1/profiles", profiles, SCOPE_INGEST, LANE_INGEST },
};

struct router_table ways_in_table(struct ways_in *ways)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), ways };
}

static void write_figures(void *owner, struct buf *out)
{
	struct ways_in *ways = owner;
	struct intake_figures f;

	intake_figures(ways->intake, &f);
	metrics_head(out, "flyover_ingest_profiles_total", "counter", "Profiles taken.");
	buf_add_format(out, "flyover_ingest_profiles_total %llu\n", (unsigned long long)f.profiles);
	metrics_head(out, "flyover_ingest_samples_total", "counter", "Samples of them.");
	buf_add_format(out, "flyover_ingest_samples_total %llu\n", (unsigned long long)f.samples);
	metrics_head(out, "flyover_ingest_bytes_total", "counter", "Bytes of them, unpacked.");
	buf_add_format(out, "flyover_ingest_bytes_total %llu\n", (unsigned long long)f.bytes);
	metrics_head(out, "flyover_ingest_labels_left_out_total", "counter",
		"Labels of samples that would have made too many series (limits.profile_series).");
	buf_add_format(out, "flyover_ingest_labels_left_out_total %llu\n",
		(unsigned long long)f.labels_left_out);
	metrics_head(out, "flyover_ingest_stacks_cut_total", "counter",
		"Samples whose stack was too deep (limits.depth).");
	buf_add_format(
		out, "flyover_ingest_stacks_cut_total %llu\n", (unsigned long long)f.stacks_cut);
	metrics_head(out, "flyover_ingest_memory_bytes", "gauge",
		"Memory that profiles take while they are read, about.");
	buf_add_format(out, "flyover_ingest_memory_bytes %zu\n", f.bytes_reading);
	metrics_head(out, "flyover_ingest_series", "gauge", "Series within the last hour or two.");
	buf_add_format(out, "flyover_ingest_series %zu\n", f.series);
	metrics_head(out, "flyover_ingest_tenants", "gauge", "Tenants that have sent something.");
	buf_add_format(out, "flyover_ingest_tenants %zu\n", f.tenants);
}

struct ways_in *ways_in_new(struct intake *intake, struct journal *journal, struct metrics *metrics)
{
	struct ways_in *ways = calloc(1, sizeof(*ways));

	if (!ways)
		return NULL;
	ways->intake = intake;
	ways->journal = journal;
	ways->metrics = metrics;
	pthread_mutex_init(&ways->lock, NULL);
	metrics_collect(metrics, write_figures, ways);
	return ways;
}

void ways_in_free(struct ways_in *ways)
{
	if (!ways)
		return;
	pthread_mutex_destroy(&ways->lock);
	free(ways);
}
