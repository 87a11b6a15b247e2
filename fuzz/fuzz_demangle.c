/* fuzz_demangle: any bytes as a symbol; the name for people is bounded and comes back the same. */
#include <stddef.h>
#include <stdint.h>

#include "symbol/demangle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view name = { (const char *)data, size };
	BUF_AUTO first = { 0 };
	BUF_AUTO second = { 0 };

	demangle(name, &first);
	demangle(name, &second);
	if (!view_equal(buf_view(&first), buf_view(&second)) ||
		(first.len > DEMANGLE_OUTPUT_MAX + sizeof("@plt") && first.len > size))
		__builtin_trap();
	return 0;
}
