/* fuzz_dwarfreply: any bytes as the answer of the child that reads debug information. */
#include <stddef.h>
#include <stdint.h>

#include "symbol/dwarfreply.h"

#define ADDRESSES 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dwarfreply reply;
	size_t bytes = 0;

	if (dwarfreply_decode((struct view){ (const char *)data, size }, ADDRESSES, &reply) < 0)
		return 0;
	for (size_t i = 0; i < ADDRESSES; i++)
		for (uint32_t k = 0; k < reply.spans[i].count; k++) {
			const struct dwarfreply_frame *frame =
				&reply.frames[reply.spans[i].first + k];

			for (size_t c = 0; c < frame->name.len; c++)
				bytes += (uint8_t)frame->name.at[c];
			for (size_t c = 0; c < frame->file.len; c++)
				bytes += (uint8_t)frame->file.at[c];
		}
	dwarfreply_fini(&reply);
	return bytes == SIZE_MAX;
}
