/* contexts_variable: where contexts.c's threads keep the address of their records: in the program,
 * or in a library. */
__thread void *otel_thread_ctx_v1;

void contexts_set(void *record);

void contexts_set(void *record)
{
	otel_thread_ctx_v1 = record;
}
