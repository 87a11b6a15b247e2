/* fuzz_walfile: any bytes as a log of RocksDB's. */
#include "store/walfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int each(void *owner, const struct stored *entry)
{
	*(uint64_t *)owner += entry->key.len + entry->value.len;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct walfile log;
	uint64_t sum = 0;

	walfile_scan((struct view){ (const char *)bytes, len }, each, &sum, &log, NULL);
	if (sum > len * 2) /* nothing comes from nowhere */
		__builtin_trap();
	return 0;
}
