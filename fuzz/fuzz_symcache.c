/* fuzz_symcache: any bytes as a file of the cache; also with the checksum made right. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "symbol/symcache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const uint8_t *data, size_t size)
{
	BUF_AUTO bytes = { 0 };
	struct symtab *table;
	const struct symtab_row *rows;
	size_t n;

	buf_add(&bytes, data, size);
	if (symcache_decode(&bytes, VIEW("key"), &table, NULL) < 0)
		return;
	rows = symtab_rows(table, &n);
	for (size_t i = 0; i < n; i++)
		if (symtab_find(table, rows[i].start) != &rows[i] ||
			symtab_name(table, &rows[i]).at == NULL)
			__builtin_trap();
	symtab_unref(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t key = hash_view(VIEW("key")), sum;
	uint8_t *fixed;

	decode(data, size);
	if (size < 40)
		return 0;
	fixed = malloc(size);
	if (!fixed)
		return 0;
	memcpy(fixed, data, size);
	memcpy(fixed, "FLYSYMS\x01", 8);
	memcpy(fixed + 32, &key, sizeof(key));
	sum = hash_view((struct view){ (const char *)fixed + 16, size - 16 });
	memcpy(fixed + 8, &sum, sizeof(sum));
	decode(fixed, size);
	free(fixed);
	return 0;
}
