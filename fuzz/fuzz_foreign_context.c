/* fuzz_foreign_context: any bytes as what a process and its thread say of themselves. */
#include "sampler/foreign_context.h"
#include "sampler/thread_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how many of the others are the thread's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct foreign_context context = { 0 };
	struct thread_record record;
	size_t n = size ? data[0] : 0;

	if (size < 1 + n)
		return 0;
	foreign_context_decode(
		(struct view){ (const char *)data + 1 + n, size - 1 - n }, &context, NULL);
	thread_record_decode((struct view){ (const char *)data + 1, n }, &context, &record);
	foreign_context_fini(&context);
	return 0;
}
