/* fuzz_gonames: any bytes as a Go program; frames at addresses all over it, inlined ones too. */
#include <stddef.h>
#include <stdint.h>

#include "object/object.h"
#include "symbol/gonames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gonames_frame frames[GONAMES_INLINED_MAX];
	struct object *object;
	struct gonames *names;

	if (object_open_memory((struct view){ (const char *)data, size }, "fuzz", &object, NULL) <
		0)
		return 0;
	if (gonames_open(object, &names, NULL) == 0) {
		for (uint64_t at = 0x400000; at < 0x410000; at += 61) {
			size_t n = gonames_find(names, at, frames);

			if (n > GONAMES_INLINED_MAX)
				__builtin_trap();
			for (size_t i = 0; i < n; i++)
				if (frames[i].name.len == 0)
					__builtin_trap();
		}
		gonames_free(names);
	}
	object_unref(object);
	return 0;
}
