/* fuzz_linecache: any bytes as a file of answers; also with the checksum made right. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "symbol/dwarfreply.h"
#include "symbol/linecache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(struct view bytes)
{
	struct linecache_batch batch;
	struct view rest;

	if (linecache_open(bytes, VIEW("key"), &rest, NULL) < 0)
		return;
	while (linecache_next(&rest, &batch)) {
		struct dwarfreply reply;

		for (size_t i = 1; i < batch.n; i++)
			if (batch.addresses[i - 1] >= batch.addresses[i])
				__builtin_trap();
		if (dwarfreply_decode(batch.reply, batch.n, &reply) == 0)
			dwarfreply_fini(&reply);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t key = hash_view(VIEW("key")), sum;
	char *fixed = malloc(size + 1);

	if (!fixed)
		return 0;
	memcpy(fixed, data, size);
	decode((struct view){ fixed, size });
	if (size >= 32) {
		memcpy(fixed, "FLYLINE\x01", 8);
		memcpy(fixed + 16, &key, sizeof(key));
		sum = hash_view((struct view){ fixed + 16, size - 16 });
		memcpy(fixed + 8, &sum, sizeof(sum));
		decode((struct view){ fixed, size });
	}
	free(fixed);
	return 0;
}
