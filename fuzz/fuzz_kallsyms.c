/* fuzz_kallsyms: any bytes as /proc/kallsyms; an address beside each number in it is looked up. */
#include <stddef.h>
#include <stdint.h>

#include "symbol/kallsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { (const char *)data, size };
	struct kallsyms *symbols;
	struct kallsyms_hit hit;
	bool more = true;

	if (kallsyms_parse(text, &symbols, NULL) < 0)
		return 0;
	while (more) {
		struct view line = view_take(&text, '\n', &more);
		bool words;
		uint64_t address;

		if (view_hex_to_u64(view_take(&line, ' ', &words), &address) &&
			kallsyms_find(symbols, address + 1, &hit) &&
			(hit.name.len == 0 || hit.module.len == 0))
			__builtin_trap();
	}
	kallsyms_free(symbols);
	return 0;
}
