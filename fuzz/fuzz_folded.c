/* fuzz_folded: any bytes, through the folded reader and back out of every writer. */
#include "roundtrip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	return roundtrip(&codec_folded, bytes, len);
}
