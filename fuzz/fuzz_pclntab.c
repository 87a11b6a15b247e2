/* fuzz_pclntab: any bytes as Go's table of functions; every function and line of it is read. */
#include <stddef.h>
#include <stdint.h>

#include "object/pclntab.h"

#define FUNCTIONS_READ_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view image = { (const char *)data, size };
	struct object *object;
	struct pclntab table;

	if (object_open_memory(image, "fuzz", &object, NULL) < 0)
		return 0;
	if (pclntab_open(object, &table, NULL) == 0) {
		for (size_t i = 0; i < table.n_functions && i < FUNCTIONS_READ_MAX; i++) {
			struct pclntab_function f;
			struct view file;
			uint32_t line;
			size_t index;

			if (!pclntab_function(&table, i, &f))
				continue;
			pclntab_line(&table, &f, f.start, &file, &line);
			pclntab_find(&table, f.end, &index);
		}
		pclntab_fini(&table);
	}
	object_unref(object);
	return 0;
}
