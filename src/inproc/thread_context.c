/* thread_context: the calling thread's context record, made when it is first needed. */
#include "inproc/thread_context.h"

#include <stdlib.h>

#include "inproc/hook_pthread.h"

struct sig_context *thread_context_make(void)
{
	struct sig_context *context = calloc(1, sizeof(*context));

	if (!context)
		return NULL;
	hook_pthread_at_exit();
	context->valid = 1;
	otel_thread_ctx_v1 = context;
	return context;
}

void thread_context_free(void)
{
	struct sig_context *context = otel_thread_ctx_v1;

	otel_thread_ctx_v1 = NULL;
	free(context);
}
