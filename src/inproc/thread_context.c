/* thread_context: the calling thread's context record, made when it is first needed. */
#include "inproc/thread_context.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inproc/hook_pthread.h"

#define KNOWN 4096
#define PROBES 16

/* By thread, so that whoever looks at a thread that waits can read what it works on. One that finds
 * no room is only seen when it is asked. */
static struct {
	_Atomic uint32_t tid;
	_Atomic uint64_t context;
} known[KNOWN];

static void add(pid_t tid, const struct sig_context *context)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		uint32_t none = 0, at = ((uint32_t)tid + i) % KNOWN;

		if (!atomic_compare_exchange_strong(&known[at].tid, &none, (uint32_t)tid))
			continue;
		atomic_store(&known[at].context, (uint64_t)(uintptr_t)context);
		return;
	}
}

static void forget(pid_t tid)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		uint32_t at = ((uint32_t)tid + i) % KNOWN;

		if (atomic_load(&known[at].tid) != (uint32_t)tid)
			continue;
		atomic_store(&known[at].context, 0);
		atomic_store(&known[at].tid, 0);
	}
}

uint64_t thread_context_of(pid_t tid)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		uint32_t at = ((uint32_t)tid + i) % KNOWN;

		if (atomic_load(&known[at].tid) == (uint32_t)tid)
			return atomic_load(&known[at].context);
	}
	return 0;
}

void thread_context_after_fork(void)
{
	memset(known, 0, sizeof(known));
	if (otel_thread_ctx_v1)
		add(gettid(), otel_thread_ctx_v1);
}

struct sig_context *thread_context_make(void)
{
	struct sig_context *context = calloc(1, sizeof(*context));

	if (!context)
		return NULL;
	hook_pthread_at_exit();
	context->valid = 1;
	otel_thread_ctx_v1 = context;
	add(gettid(), context);
	return context;
}

void thread_context_free(void)
{
	struct sig_context *context = otel_thread_ctx_v1;

	if (context)
		forget(gettid());
	otel_thread_ctx_v1 = NULL;
	free(context);
}
