/*
 * thread_context: the calling thread's context record, made when it is first needed.
 */
#ifndef INPROC_THREAD_CONTEXT_H
#define INPROC_THREAD_CONTEXT_H

#include <sys/types.h>

#include "inproc/sig_context.h"

/* NULL without memory. It lives until the thread ends. */
struct sig_context *thread_context_make(void);

static inline struct sig_context *thread_context(void)
{
	struct sig_context *context = otel_thread_ctx_v1;

	return __builtin_expect(context != NULL, 1) ? context : thread_context_make();
}

/* Where the record of another thread of this process lies, or 0: to be read with care, as it may
 * end at any time. */
uint64_t thread_context_of(pid_t tid);

/* In the child of a fork: there is only this thread. */
void thread_context_after_fork(void);

/* As the thread ends. */
void thread_context_free(void);

#endif
