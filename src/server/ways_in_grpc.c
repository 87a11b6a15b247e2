/* ways_in_grpc: OpenTelemetry's profiles over gRPC, at an address of its own. */
#include "server/ways_in_grpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/otlpanswer.h"
#include "net/rpcd.h"
#include "server/ways_in_otlp.h"
#include "wire/base64.h"

#define EXPORT "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"

struct ways_in_grpc {
	struct ways_in_grpc_options options;
	struct rpcd *rpcd;
	struct metrics_counter *good, *refused, *failed;
	struct metrics_times *times;
};

/* What is known of a call beside its message. */
struct call {
	struct ways_in_grpc *grpc;
	struct rpcd_call *rpc;
	struct rpcd_reply reply;
	char tenant[ROUTER_TENANT_MAX + 1];
	uint64_t begin_ns;
};

static void word(const struct refusal *refusal, struct rpcd_reply *reply)
{
	BUF_AUTO status = { 0 };

	rpcd_refuse(reply, otlpanswer_code(refusal->status), "%s", refusal->text);
	otlpanswer_status(refusal, false, &status);
	base64_encode(buf_view(&status), &reply->details);
	buf_fini(&reply->message);
}

static void refuse(const struct call *call, const struct refusal *refusal, struct rpcd_reply *reply)
{
	struct ways_in_sender sender = { .path = VIEW(EXPORT), .tenant = view_of(call->tenant) };

	ways_in_tell(call->grpc->options.ways, &sender, refusal);
	word(refusal, reply);
}

static int find_tenant(struct call *call, struct refusal *refusal)
{
	const char *name = rpcd_header(call->rpc, "x-scope-orgid");

	if (!call->grpc->options.multi_tenant || call->tenant[0])
		return 0;
	if (!name || !router_tenant_is_good(name))
		return refusal_set(refusal, 401,
			name ? "X-Scope-OrgID takes 1 to 150 letters, digits and !-_.*'()"
			     : "there are several tenants here: X-Scope-OrgID has to name one");
	memcpy(call->tenant, name, strlen(name) + 1);
	return 0;
}

static int let_in(struct call *call, struct refusal *refusal)
{
	struct gatekeeper_question question = { rpcd_header(call->rpc, "authorization"),
		SCOPE_INGEST, call->tenant };
	const char *sentence = "";
	unsigned status;

	if (strcmp(rpcd_path(call->rpc), EXPORT) != 0)
		return refusal_set(refusal, 501, "there is only " EXPORT " here");
	status = gatekeeper_ask(call->grpc->options.gatekeeper, &question, &sentence);
	if (status == 503)
		refusal->retry_after_s = 1;
	return status ? refusal_set(refusal, status, "%s", sentence) : find_tenant(call, refusal);
}

static void admit(void *owner, struct rpcd_call *rpc, struct rpcd_reply *reply)
{
	struct call *call = calloc(1, sizeof(*call));
	struct refusal refusal = { 0 };

	*rpcd_context(rpc) = call;
	if (!call) {
		rpcd_refuse(reply, RPCD_UNAVAILABLE, "out of memory");
		return;
	}
	*call = (struct call){ .grpc = owner, .rpc = rpc, .begin_ns = clock_monotonic_ns() };
	if (let_in(call, &refusal) < 0)
		word(&refusal, reply);
}

static void on_disk(void *owner, int code, const struct err *err)
{
	struct call *call = owner;
	struct rpcd_reply reply = call->reply;
	struct refusal refusal = { 0 };

	ways_in_note(call->grpc->options.ways, code, err);
	if (code < 0) {
		refusal_set(&refusal, 503, "not kept: %s", err->text);
		refusal.retry_after_s = 5;
		refuse(call, &refusal, &reply);
	}
	rpcd_answer(call->rpc, &reply);
}

static int take(struct call *call, struct ways_in_otlp_message *message, struct refusal *refusal)
{
	struct intake *intake = call->grpc->options.intake;
	struct store_receipt receipt = { on_disk, call };
	int rc = ways_in_otlp_read(message, intake_limits(intake), refusal);

	if (rc < 0)
		return rc;
	call->reply = (struct rpcd_reply){ .message = message->answer };
	rc = intake_take(intake, view_of(call->tenant), &message->batch, &receipt, refusal);
	if (rc < 0)
		buf_fini(&call->reply.message); /* else the call may be gone by now */
	return rc;
}

static void handle(void *owner, struct rpcd_call *rpc)
{
	struct call *call = *rpcd_context(rpc);
	struct ways_in_otlp_message message = { .payload = { rpcd_message(rpc), rpcd_coding(rpc) },
		.batch.seat.room = intake_room(call->grpc->options.intake) };
	struct rpcd_reply reply = { 0 };
	struct refusal refusal = { 0 };

	(void)owner;
	if (take(call, &message, &refusal) < 0) {
		refuse(call, &refusal, &reply);
		rpcd_answer(rpc, &reply);
	}
	intake_batch_fini(&message.batch);
}

static void write_down(const struct call *call, unsigned code, bool was_sent, uint64_t ns)
{
	struct journal *journal = call->grpc->options.journal;
	enum journal_level level = !was_sent || code == RPCD_INTERNAL || code == RPCD_UNAVAILABLE
					   ? JOURNAL_WARN
				   : code ? JOURNAL_INFO
					  : JOURNAL_DEBUG;
	char number[16], ms[32];

	if (!journal_hears(journal, level))
		return;
	snprintf(number, sizeof(number), "%u", code);
	snprintf(ms, sizeof(ms), "%.3f", (double)ns / 1e6);
	journal_say(journal, level, was_sent ? "call" : "client left",
		(const struct journal_field[]){
			{ "peer", view_of(rpcd_peer(call->rpc)) },
			{ "path", view_of(rpcd_path(call->rpc)) },
			{ "tenant", view_of(call->tenant) },
			{ "code", view_of(number) },
			{ "ms", view_of(ms) },
		},
		5);
}

static void forget(void *owner, struct rpcd_call *rpc, unsigned code, bool was_sent)
{
	struct ways_in_grpc *grpc = owner;
	struct call *call = *rpcd_context(rpc);
	uint64_t ns;

	metrics_count(!was_sent || code == RPCD_INTERNAL || code == RPCD_UNAVAILABLE ? grpc->failed
		      : code                                                         ? grpc->refused
										     : grpc->good,
		1);
	if (!call)
		return;
	ns = clock_monotonic_ns() - call->begin_ns;
	write_down(call, code, was_sent, ns);
	metrics_time(grpc->times, ns);
	free(call);
}

static struct metrics_counter *counter(struct metrics *metrics, const char *labels)
{
	return metrics_counter(metrics, "flyover_grpc_calls_total",
		"Calls of OTLP's profiles over gRPC, by how they ended.", labels);
}

static void count(struct ways_in_grpc *grpc)
{
	struct metrics *metrics = grpc->options.metrics;

	grpc->good = counter(metrics, "outcome=\"good\"");
	grpc->refused = counter(metrics, "outcome=\"refused\"");
	grpc->failed = counter(metrics, "outcome=\"failed\"");
	grpc->times = metrics_times(metrics, "flyover_grpc_call_duration_seconds",
		"From a call's headers to the end of its answer.", "");
}

int ways_in_grpc_start(
	const struct ways_in_grpc_options *options, struct ways_in_grpc **ret, struct err *err)
{
	struct ways_in_grpc *grpc = calloc(1, sizeof(*grpc));
	struct rpcd_options how = { .fd = options->fd,
		.owner = grpc,
		.admit = admit,
		.handle = handle,
		.forget = forget,
		.tls = options->tls,
		.message_setting = "limits.body_bytes",
		.messages_max = options->messages_max,
		.threads = options->threads,
		.drain_ms = options->drain_ms };
	int rc;

	if (!grpc) {
		close(options->fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	grpc->options = *options;
	grpc->options.tls = NULL;
	how.message_max = intake_limits(options->intake)->body_bytes;
	count(grpc);
	rc = rpcd_start(&how, &grpc->rpcd, err);
	if (rc < 0)
		free(grpc);
	else
		*ret = grpc;
	return rc;
}

void ways_in_grpc_reload(struct ways_in_grpc *grpc)
{
	rpcd_set_message_max(grpc->rpcd, intake_limits(grpc->options.intake)->body_bytes);
}

void ways_in_grpc_stop(struct ways_in_grpc *grpc)
{
	if (!grpc)
		return;
	rpcd_stop(grpc->rpcd);
	free(grpc);
}
