/* fuzz_multipart: any bytes as a form; the first line is its content type. */
#undef NDEBUG
#include <assert.h>

#include "wire/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view body = { (const char *)data, size }, type;
	struct multipart parts;
	struct multipart_part part;
	bool more;

	type = view_take(&body, '\n', &more);
	if (!multipart_begin(&parts, type, body))
		return 0;
	while (multipart_next(&parts, &part))
		assert(!part.body.len ||
			(part.body.at >= body.at && view_end(part.body) <= view_end(body)));
	assert(parts.n <= MULTIPART_PARTS_MAX + 1);
	return 0;
}
