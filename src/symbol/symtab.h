/*
 * symtab: the functions of one object, sorted by address.
 *
 * Compact (16 bytes a function and its name) and immutable, so threads share it by reference. Where
 * symbols overlap, the one that begins last wins; where several begin together:
 *
 *     a sized one over one without a size, a function over an untyped label,
 *     an exported one over a local one, fewer leading underscores, no version ("@"),
 *     global over weak, the shorter name, the name that sorts first.
 *
 * So the C library's __libc_malloc, __malloc and malloc are "malloc". A symbol without a size lasts
 * until the next symbol or the end of its section, but never longer than gap_max: what lies beyond
 * has no name rather than a wrong one.
 */
#ifndef SYMBOL_SYMTAB_H
#define SYMBOL_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define SYMTAB_SYMBOLS_MAX ((size_t)4 << 20)
#define SYMTAB_NAMES_MAX ((size_t)256 << 20)
#define SYMTAB_NAME_MAX ((size_t)16 << 10) /* longer names are cut */
#define SYMTAB_GAP_MAX 4096

struct symtab_row {
	uint64_t start;
	uint32_t size; /* never 0, never into the next row */
	uint32_t name; /* in names */
};

struct symtab; /* reference-counted, immutable */

/* In the order of preference, least first. */
enum symtab_kind { SYMTAB_LABEL, SYMTAB_FUNCTION };
enum symtab_binding { SYMTAB_LOCAL, SYMTAB_WEAK, SYMTAB_GLOBAL };

struct symtab_symbol {
	uint64_t start, size; /* size 0 = unknown */
	uint64_t end_max;     /* where its section ends */
	struct view name;     /* borrowed until symtab_build */
	enum symtab_kind kind;
	enum symtab_binding binding;
};

struct symtab_builder {
	struct symtab_symbol *symbols; /* owned */
	size_t n, cap;
	struct arena text; /* for names that are made, not borrowed */
	uint64_t gap_max;  /* 0 = SYMTAB_GAP_MAX */
	bool failed;       /* out of memory */
	bool full;         /* a limit was met, and symbols are missing */
};

/* A zeroed builder is a valid empty one. */
void symtab_builder_fini(struct symtab_builder *builder);

/* Symbols without a name, outside their section, or past a limit are left out. */
void symtab_add(struct symtab_builder *builder, const struct symtab_symbol *symbol);

/* *ret is owned: symtab_unref. Reorders the builder's symbols. */
int symtab_build(struct symtab_builder *builder, struct symtab **ret, struct err *err);

/* For the cache: n rows lie at `at`, aligned as rows are, and names from there to the end. Takes
 * the bytes over if it succeeds; ERR_CORRUPT as below. */
int symtab_from_bytes(struct buf *bytes, size_t at, size_t n, struct symtab **ret, struct err *err);

/* Copies both; ERR_CORRUPT unless the rows are sorted and apart and
 * every name ends in NUL inside names. */
int symtab_from_rows(const struct symtab_row *rows, size_t n, struct view names,
	struct symtab **ret, struct err *err);

struct symtab *symtab_ref(struct symtab *table);
void symtab_unref(struct symtab *table);

/* NULL if no function is at the address. */
const struct symtab_row *symtab_find(const struct symtab *table, uint64_t address);
struct view symtab_name(const struct symtab *table, const struct symtab_row *row);

const struct symtab_row *symtab_rows(const struct symtab *table, size_t *ret_n);
struct view symtab_names(const struct symtab *table);
size_t symtab_bytes(const struct symtab *table); /* of memory */

#endif
