/* api: the functions of flyover.h, each handed to the part that does it. */
#include <fcntl.h>
#include <flyover/flyover.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/disk.h"
#include "base/err.h"
#include "inproc/cpu_output.h"
#include "inproc/endpoint.h"
#include "inproc/engine.h"
#include "inproc/heap_output.h"
#include "inproc/kind_output.h"
#include "inproc/label_keys.h"
#include "inproc/lock_capture.h"
#include "inproc/process_context.h"
#include "inproc/push.h"
#include "inproc/thread_context.h"
#include "inproc/thread_dump.h"
#include "inproc/traceparent.h"
#include "inproc/wall_output.h"

_Static_assert((int)FLY_NO_MEMORY == (int)ERR_NOMEM && (int)FLY_IO == (int)ERR_IO &&
		       (int)FLY_CORRUPT == (int)ERR_CORRUPT && (int)FLY_LIMIT == (int)ERR_LIMIT &&
		       (int)FLY_NOT_FOUND == (int)ERR_NOT_FOUND &&
		       (int)FLY_DENIED == (int)ERR_DENIED && (int)FLY_USAGE == (int)ERR_USAGE &&
		       (int)FLY_UNSUPPORTED == (int)ERR_UNSUPPORTED &&
		       (int)FLY_CANCELLED == (int)ERR_CANCELLED,
	"codes go out as they are");
_Static_assert(sizeof(((struct fly_error *)0)->text) == ERR_TEXT_MAX, "sentences fit");

static int finish(int rc, const struct err *err, struct fly_error *error)
{
	if (!error)
		return rc;
	error->code = rc;
	memcpy(error->text, err->text, sizeof(error->text));
	return rc;
}

const char *fly_version(void)
{
	return FLY_VERSION;
}

int fly_cpu_start(const struct fly_cpu_options *options, struct fly_error *error)
{
	struct cpu_output_options wanted = { .path = options->path,
		.fd = options->fd,
		.capture = { .hz = options->hz,
			.signal_number = options->signal_number,
			.kernel = options->kernel != 0 } };
	struct err err = { 0 };

	if (options->size < sizeof(*options))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_cpu_options.size is not the size of the struct"),
			&err, error);
	return finish(cpu_output_start(&wanted, &err), &err, error);
}

int fly_cpu_stop(struct fly_error *error)
{
	struct err err = { 0 };

	return finish(cpu_output_stop(&err), &err, error);
}

int fly_heap_start(const struct fly_heap_options *options, struct fly_error *error)
{
	struct err err = { 0 };

	if (options && options->size < sizeof(*options))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_heap_options.size is not the size of the struct"),
			&err, error);
	return finish(heap_output_start(options ? options->rate : 0, &err), &err, error);
}

int fly_heap_write(const char *path, struct fly_error *error)
{
	struct err err = { 0 };

	return finish(heap_output_write(path, &err), &err, error);
}

int fly_heap_stop(struct fly_error *error)
{
	struct err err = { 0 };

	return finish(heap_output_stop(&err), &err, error);
}

static int start_locks(void *rate_ns, struct err *err)
{
	return lock_capture_start(*(const uint64_t *)rate_ns, err);
}

int fly_lock_start(const struct fly_lock_options *options, struct fly_error *error)
{
	uint64_t rate_ns = 0;
	struct err err = { 0 };

	if (options && options->size < sizeof(*options))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_lock_options.size is not the size of the struct"),
			&err, error);
	if (options)
		rate_ns = options->rate_ns;
	return finish(engine_call(start_locks, &rate_ns, &err), &err, error);
}

static int stop_locks(void *context, struct err *err)
{
	return lock_capture_stop(err);
}

int fly_lock_stop(struct fly_error *error)
{
	struct err err = { 0 };

	return finish(engine_call(stop_locks, NULL, &err), &err, error);
}

int fly_lock_write(enum fly_lock_view view, const char *path, int fd, struct fly_error *error)
{
	struct err err = { 0 };

	return finish(kind_output_write(
			      view == FLY_LOCK_MUTEX ? &lock_capture_mutex : &lock_capture_block,
			      path, fd, &err),
		&err, error);
}

int fly_wall_start(const struct fly_wall_options *options, struct fly_error *error)
{
	struct wall_output_options wanted = {
		.path = options->path, .fd = options->fd, .hz = options->hz
	};
	struct err err = { 0 };

	if (options->size < sizeof(*options))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_wall_options.size is not the size of the struct"),
			&err, error);
	return finish(wall_output_start(&wanted, &err), &err, error);
}

int fly_wall_stop(struct fly_error *error)
{
	struct err err = { 0 };

	return finish(wall_output_stop(&err), &err, error);
}

int fly_threads_write(const char *path, int fd, struct fly_error *error)
{
	struct err err = { 0 };

	return finish(kind_output_write(&thread_dump_kind, path, fd, &err), &err, error);
}

int fly_label_key(const char *name, struct fly_error *error)
{
	struct err err = { 0 };
	bool is_new;
	int key = label_keys_add(name, &is_new, &err);

	if (key >= 0 && is_new)
		process_context_publish(NULL); /* outside of us it may stay nameless */
	return finish(key, &err, error);
}

unsigned fly_label_set(int key, const char *value, size_t length)
{
	struct sig_context *context = thread_context();

	if (!context)
		return 0;
	if (key < 0 || key >= LABEL_KEYS_MAX)
		return context->attrs_size;
	return sig_context_add(context, (uint8_t)key, value, length);
}

void fly_label_restore(unsigned mark)
{
	if (otel_thread_ctx_v1)
		sig_context_restore(otel_thread_ctx_v1, mark);
}

int fly_process_labels(const char *list, struct fly_error *error)
{
	struct err err = { 0 };
	int rc = label_keys_set_process(list, &err);

	if (rc == 0)
		rc = process_context_publish(&err);
	return finish(rc, &err, error);
}

void fly_trace_set(const struct fly_trace *trace)
{
	static const struct fly_trace none;
	struct sig_context *context = trace || otel_thread_ctx_v1 ? thread_context() : NULL;

	if (!trace)
		trace = &none;
	if (context)
		sig_context_set_trace(context, trace->trace_id, trace->span_id, trace->flags);
}

void fly_trace_get(struct fly_trace *ret_trace)
{
	const struct sig_context *context = otel_thread_ctx_v1;

	memset(ret_trace, 0, sizeof(*ret_trace));
	if (!context)
		return;
	memcpy(ret_trace->trace_id, context->trace_id, sizeof(ret_trace->trace_id));
	memcpy(ret_trace->span_id, context->span_id, sizeof(ret_trace->span_id));
	ret_trace->flags = context->flags;
}

int fly_trace_parse(const char *text, struct fly_trace *ret_trace, struct fly_error *error)
{
	struct traceparent parsed;
	struct err err = { 0 };
	int rc = traceparent_parse(view_of(text), &parsed, &err);

	memcpy(ret_trace->trace_id, parsed.trace_id, sizeof(ret_trace->trace_id));
	memcpy(ret_trace->span_id, parsed.span_id, sizeof(ret_trace->span_id));
	ret_trace->flags = parsed.flags;
	return finish(rc, &err, error);
}

void fly_trace_format(const struct fly_trace *trace, char ret_text[FLY_TRACEPARENT_SIZE])
{
	struct traceparent from = { .flags = trace->flags };

	memcpy(from.trace_id, trace->trace_id, sizeof(from.trace_id));
	memcpy(from.span_id, trace->span_id, sizeof(from.span_id));
	traceparent_format(&from, ret_text);
}

static int open_endpoint(void *context, struct err *err)
{
	return endpoint_open(context, err);
}

static int close_endpoint(void *context, struct err *err)
{
	endpoint_close();
	return 0;
}

int fly_http_listen(
	const char *where, const struct fly_http_options *options, struct fly_error *error)
{
	struct endpoint_options wanted = { .where = where };
	struct err err = { 0 };

	if (options && options->size < sizeof(*options))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_http_options.size is not the size of the struct"),
			&err, error);
	if (options) {
		wanted.token = options->token;
		wanted.show_cmdline = options->show_cmdline != 0;
	}
	return finish(engine_call(open_endpoint, &wanted, &err), &err, error);
}

int fly_http_port(void)
{
	return endpoint_port();
}

void fly_http_close(void)
{
	if (endpoint_is_open())
		engine_call(close_endpoint, NULL, NULL);
}

int fly_push_start(const struct fly_push_options *options, struct fly_error *error)
{
	struct err err = { 0 };
	struct push_options wanted = { 0 };

	if (options->size < offsetof(struct fly_push_options, kernel))
		return finish(err_set(&err, ERR_USAGE,
				      "fly_push_options.size is not the size of the struct"),
			&err, error);
	wanted = (struct push_options){ .service = options->service,
		.interval_s = options->interval_s,
		.hz = options->hz,
		.kernel = options->size >= sizeof(*options) && options->kernel,
		.sender = { .url = options->url,
			.token = options->token,
			.tenant = options->tenant,
			.spool = options->spool,
			.spool_max = options->spool_max,
			.memory_max = options->memory_max } };
	return finish(push_start(&wanted, &err), &err, error);
}

int fly_push_stop(unsigned flush_ms, struct fly_error *error)
{
	struct err err = { 0 };

	return finish(push_stop(flush_ms, &err), &err, error);
}

void fly_push_count(struct fly_push_counts *ret_counts, size_t size)
{
	struct push_sender_counts now;
	struct fly_push_counts counts;

	push_sender_count(&now);
	counts = (struct fly_push_counts){ .sent = now.sent,
		.sent_bytes = now.sent_bytes,
		.failed = now.failed,
		.refused = now.refused,
		.dropped = now.dropped,
		.spooled = now.spooled,
		.spool_failed = now.spool_failed,
		.waiting = now.waiting };
	memcpy(ret_counts, &counts, size < sizeof(counts) ? size : sizeof(counts));
}
