/*
 * elfsyms: the symbols of ELF files, gathered for one function table.
 *
 * Takes .symtab and .dynsym, and names what lies in the PLT after the function it leads to
 * ("malloc@plt"), as objdump does. Only what lies in executable sections counts.
 */
#ifndef SYMBOL_ELFSYMS_H
#define SYMBOL_ELFSYMS_H

#include "base/buf.h"
#include "base/err.h"
#include "symbol/symtab.h"

#define ELFSYMS_TABLES_MAX 8 /* in all files together */

struct object;

struct elfsyms {
	struct symtab_builder builder;
	struct buf strings[ELFSYMS_TABLES_MAX]; /* what the builder's names lie in */
	size_t n_strings;
	bool has_symtab; /* a full table was there, not only exported names */
};

/* A zeroed struct is a valid empty one. */
void elfsyms_fini(struct elfsyms *symbols);

/* Adds those of one file: the object itself, or one that was split off it. A file without symbols
 * is no error. */
int elfsyms_add(struct elfsyms *symbols, const struct object *object, struct err *err);

/* Adds the PLT of the object itself. Names what it can. */
void elfsyms_add_plt(struct elfsyms *symbols, const struct object *object);

#endif
