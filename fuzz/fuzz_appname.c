/* fuzz_appname: any bytes as the name and the times of an application; labels are sorted and
 * sayable. */
#undef NDEBUG
#include <assert.h>

#include "ingest/appname.h"
#include "ingest/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { (const char *)data, size }, name;
	ARENA_AUTO arena = { 0 };
	struct labelset labels;
	struct refusal refusal = { 0 };
	int64_t time_ns;

	when_parse(text, INT64_C(1800000000000000000), &time_ns);
	labelset_init(&labels, &arena);
	if (appname_parse(text, &labels, &name, &refusal) < 0) {
		assert(refusal.status >= 400 && refusal.text[0]);
		return 0;
	}
	assert(name.len);
	for (size_t i = 0; i < labels.n; i++) {
		assert(labels.at[i].name.len && labels.at[i].value.len);
		assert(i == 0 || view_compare(labels.at[i - 1].name, labels.at[i].name) < 0);
	}
	return 0;
}
