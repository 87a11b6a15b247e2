/* fuzz_listing: what a server may answer to a list, as lines. */
#include "cli/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view body = { (const char *)data, size };
	BUF_AUTO out = { 0 };
	bool any;

	listing_texts(body, "values", &out, &any, NULL);
	listing_series(body, &out, &any, NULL);
	listing_traces(body, &out, &any, NULL);
	listing_totals(body, &out, &any, NULL);
	listing_share(body, &out, &any, NULL);
	listing_truth(body, &out, &any, NULL);
	listing_points(body, &out, &any, NULL);
	return 0;
}
