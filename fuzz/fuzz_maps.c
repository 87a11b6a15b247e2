/* fuzz_maps: any bytes read as /proc/PID/maps; what is read lies inside them. */
#include <stdlib.h>

#include "proc/maps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct view text = { (const char *)bytes, size };
	struct maps_line line;

	while (maps_next(&text, &line)) {
		struct view path = maps_path(line.path, NULL);

		if (line.start >= line.end || path.len > size ||
			(path.len && (path.at < (const char *)bytes ||
					     view_end(path) > (const char *)bytes + size)))
			abort();
	}
	return 0;
}
