/* fuzz_tls_place: any bytes as an ELF file that may have the pointer to threads' records. */
#include <stdlib.h>

#include "object/object.h"
#include "sampler/tls_place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view image = { (const char *)data, size };
	struct tls_place place;
	struct object *object;

	if (object_open_memory(image, "fuzz", &object, NULL) < 0)
		return 0;
	if (tls_place_find(object, &place, NULL) == 0 && place.kind == TLS_PLACE_PROGRAM &&
		place.offset > 0)
		abort();
	object_unref(object);
	return 0;
}
