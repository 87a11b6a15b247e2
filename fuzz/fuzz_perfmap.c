/* fuzz_perfmap: any bytes as the text of a perf map; what it names is looked up. */
#include <stddef.h>
#include <stdint.h>

#include "symbol/codetable.h"
#include "symbol/maptext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct codetable table;
	struct code_hit hit;

	codetable_init(&table);
	maptext_parse((struct view){ (const char *)data, size }, &table);
	if (codetable_index(&table) == 0)
		for (size_t i = 0; i < table.n_entries; i++)
			if (!codetable_find(&table, table.entries[i].start, &hit))
				__builtin_trap(); /* something covers it: the entry itself does */
	codetable_fini(&table);
	return 0;
}
