/* sig_context: what a thread is working on, for handlers and for profilers outside. */
#include "inproc/sig_context.h"

#include <stdatomic.h>
#include <string.h>

__thread struct sig_context *otel_thread_ctx_v1
	__attribute__((tls_model("initial-exec"), visibility("default")));

#define FENCE() atomic_signal_fence(memory_order_seq_cst)

void sig_context_set_trace(struct sig_context *context, const uint8_t trace_id[16],
	const uint8_t span_id[8], uint8_t flags)
{
	context->valid = 0;
	FENCE();
	memcpy(context->trace_id, trace_id, sizeof(context->trace_id));
	memcpy(context->span_id, span_id, sizeof(context->span_id));
	context->flags = flags;
	FENCE();
	context->valid = 1;
}

unsigned sig_context_add(struct sig_context *context, uint8_t key, const char *value, size_t len)
{
	unsigned mark = context->attrs_size;

	if (len > SIG_CONTEXT_VALUE_MAX)
		len = SIG_CONTEXT_VALUE_MAX;
	if (mark + 2 + len > SIG_CONTEXT_ATTRS_MAX)
		return mark;
	context->attrs[mark] = key;
	context->attrs[mark + 1] = (uint8_t)len;
	memcpy(&context->attrs[mark + 2], value, len);
	FENCE();
	context->attrs_size = (uint16_t)(mark + 2 + len);
	return mark;
}

void sig_context_restore(struct sig_context *context, unsigned mark)
{
	if (mark <= context->attrs_size)
		context->attrs_size = (uint16_t)mark;
}

int sig_context_copy(struct sig_context_copy *ret, uint8_t *attrs)
{
	const volatile struct sig_context *context = otel_thread_ctx_v1;
	const struct sig_context *now = otel_thread_ctx_v1;

	if (!context || context->valid != 1)
		return 0;
	memcpy(ret->trace_id, now->trace_id, sizeof(ret->trace_id));
	memcpy(ret->span_id, now->span_id, sizeof(ret->span_id));
	ret->attrs_size = now->attrs_size;
	if (ret->attrs_size > SIG_CONTEXT_ATTRS_MAX)
		return 0;
	memcpy(attrs, now->attrs, ret->attrs_size);
	return 1;
}
