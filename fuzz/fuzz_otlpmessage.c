/* fuzz_otlpmessage: any bytes as an ExportProfilesServiceRequest, in both forms. */
#undef NDEBUG
#include <assert.h>

#include "ingest/otlpanswer.h"
#include "ingest/otlpmessage.h"

typedef int reader(struct view bytes, const struct limits *limits, struct intake_batch *batch,
	struct otlpmessage_rejected *rejected, struct refusal *refusal);

static void check(reader *read, struct view bytes, const struct limits *limits)
{
	struct otlpmessage_rejected rejected = { 0 };
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };
	BUF_AUTO answer = { 0 };

	if (read(bytes, limits, &batch, &rejected, &refusal) < 0) {
		assert(refusal.status >= 400 && refusal.text[0]);
		otlpanswer_status(&refusal, false, &answer);
	} else {
		otlpanswer_response(&rejected, true, &answer);
		for (size_t i = 0; i < batch.n; i++)
			assert(batch.at[i].profile->n_types == 1 && batch.at[i].name.len);
	}
	assert(answer.len);
	intake_batch_fini(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };
	struct limits limits;

	limits_defaults(&limits);
	limits.samples = 10000;
	limits.frames = 100000;
	limits.age_seconds = 3000000000; /* seeds get old */
	check(otlpmessage_proto, bytes, &limits);
	check(otlpmessage_json, bytes, &limits);
	return 0;
}
