/* fuzz_pushmessage: any bytes as a PushRequest, in both forms; and as a request to /ingest. */
#undef NDEBUG
#include <assert.h>

#include "ingest/legacy.h"
#include "ingest/pushmessage.h"

static void check(int rc, struct intake_batch *batch, const struct refusal *refusal)
{
	if (rc < 0)
		assert(refusal->status >= 400 && refusal->text[0]);
	for (size_t i = 0; rc == 0 && i < batch->n; i++)
		assert(batch->at[i].profile && batch->at[i].name.len);
	intake_batch_fini(batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };
	struct legacy_request request = {
		.name = VIEW("a.cpu{b=c}"), .body = bytes, .now_ns = INT64_C(1800000000000000000)
	};
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };
	struct limits limits;

	limits_defaults(&limits);
	limits.unpacked_bytes = 1 << 20;
	limits.samples = 10000;
	check(pushmessage_proto(bytes, &limits, &batch, &refusal), &batch, &refusal);
	check(pushmessage_json(bytes, &limits, &batch, &refusal), &batch, &refusal);
	check(legacy_read(&request, &limits, &batch, &refusal), &batch, &refusal);
	return 0;
}
