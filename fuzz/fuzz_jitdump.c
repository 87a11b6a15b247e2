/* fuzz_jitdump: any bytes as a jitdump, read whole and in two parts; both must tell the same. */
#include <stddef.h>
#include <stdint.h>

#include "symbol/codetable.h"
#include "symbol/jitdump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_parts(const uint8_t *data, size_t size, size_t first, struct codetable *table)
{
	struct jitdump dump = { 0 };
	size_t ends[] = { first, size };

	codetable_init(table);
	for (int i = 0; i < 2; i++)
		if (dump.offset < ends[i])
			jitdump_parse(&dump,
				(struct view){ (const char *)data + dump.offset,
					ends[i] - (size_t)dump.offset },
				false, table);
	codetable_index(table);
	jitdump_fini(&dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct codetable whole, parts;
	struct code_hit a, b;

	read_parts(data, size, size, &whole);
	read_parts(data, size, size / 2, &parts);
	if (whole.n_entries != parts.n_entries)
		__builtin_trap();
	for (size_t i = 0; i < whole.n_entries; i++) {
		uint64_t address = whole.entries[i].start;

		if (!codetable_find(&whole, address, &a) || !codetable_find(&parts, address, &b) ||
			!view_equal(a.name, b.name) || a.line != b.line)
			__builtin_trap();
	}
	codetable_fini(&whole);
	codetable_fini(&parts);
	return 0;
}
