/* fuzz_speedscope: any bytes, through the speedscope reader and back out of every writer. */
#include "roundtrip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	return roundtrip(&codec_speedscope, bytes, len);
}
