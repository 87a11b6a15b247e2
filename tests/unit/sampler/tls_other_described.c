/* tls_other_described: see tls_other.h. */
#include "tls_other.h"

extern __thread void *otel_thread_ctx_v1;
__thread void *otel_thread_ctx_v1;

void *tls_other_described(void)
{
	return &otel_thread_ctx_v1;
}
