/* fuzz_block: any bytes as a block of samples: header, sections, profiles, and sums. */
#include "store/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view block = { (const char *)bytes, len };
	struct block_records records = { 0 };
	struct block_sums sums = { 0 };

	block_records_add(&records, block, NULL);
	block_records_fini(&records);
	block_sums_add(&sums, block, NULL);
	block_sums_fini(&sums);
	return 0;
}
