/* fuzz_symtab: any bytes as an ELF file; its symbols become a table that keeps its own rules. */
#include <stddef.h>
#include <stdint.h>

#include "object/object.h"
#include "symbol/debugfile.h"
#include "symbol/elfsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct symtab *table)
{
	const struct symtab_row *rows;
	struct symtab *copy;
	size_t n;

	rows = symtab_rows(table, &n);
	/* What a table gives must be what a table takes. */
	if (symtab_from_rows(rows, n, symtab_names(table), &copy, NULL) == ERR_CORRUPT)
		__builtin_trap();
	symtab_unref(copy);
	for (size_t i = 0; i < n; i++)
		if (symtab_find(table, rows[i].start) != &rows[i])
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct object *object, *mini;
	struct elfsyms symbols = { 0 };
	struct symtab *table;

	if (object_open_memory(
		    (struct view){ (const char *)data, size }, "/fuzz/p", &object, NULL) < 0)
		return 0;
	elfsyms_add(&symbols, object, NULL);
	if (debugfile_open_mini(object, &mini, NULL) == 0) {
		elfsyms_add(&symbols, mini, NULL);
		object_unref(mini);
	}
	elfsyms_add_plt(&symbols, object);
	if (symtab_build(&symbols.builder, &table, NULL) == 0) {
		check(table);
		symtab_unref(table);
	}
	elfsyms_fini(&symbols);
	object_unref(object);
	return 0;
}
