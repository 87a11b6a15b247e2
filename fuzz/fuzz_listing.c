/* fuzz_listing: what a server may answer to a list, as lines. */
#include "cli/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view body = { (const char *)data, size };
	BUF_AUTO out = { 0 };
	size_t n;

	listing_texts(body, "values", &out, &n, NULL);
	listing_series(body, &out, &n, NULL);
	listing_traces(body, &out, &n, NULL);
	listing_totals(body, &out, &n, NULL);
	listing_points(body, &out, &n, NULL);
	return 0;
}
