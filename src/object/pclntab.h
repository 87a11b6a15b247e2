/*
 * pclntab: the table of functions that every Go program carries, stripped or not.
 *
 * Knows the layouts of Go 1.2 (…fb), 1.16 (…fa), 1.18 (…f0) and 1.20 (…f1) for 64-bit
 * little-endian programs. Source: go/src/internal/abi/symtab.go, runtime/symtab.go and
 * debug/gosym/pclntab.go. Everything in it is hostile: each offset is checked when it is used,
 * and a table that lies about one function leaves the others readable. Addresses are virtual
 * addresses of the file.
 */
#ifndef OBJECT_PCLNTAB_H
#define OBJECT_PCLNTAB_H

#include "object/object.h"

enum pclntab_version { PCLNTAB_1_2, PCLNTAB_1_16, PCLNTAB_1_18, PCLNTAB_1_20 };

enum pclntab_flag {
	PCLNTAB_TOP_FRAME = 1, /* the outermost frame of a stack */
	PCLNTAB_SP_WRITE = 2,  /* writes to the stack pointer: may have changed stacks */
	PCLNTAB_ASM = 4,
};

struct pclntab {
	struct buf bytes; /* owned */
	enum pclntab_version version;
	uint64_t text_start; /* offsets of code count from here, since 1.18 */
	size_t n_functions;
	/* Parts of `bytes`, each reaching to its end: a part's size is not written down. */
	struct view names, cu, files, pc_values, functions;
	unsigned quantum; /* addresses in pc_values count in these bytes; 1 on x86 */
};

struct pclntab_function {
	uint64_t start, end;
	struct view name; /* "main.(*T).work"; empty if it is out of bounds */
	uint32_t sp_values, file_values,
		line_values; /* offsets for pclntab_values_start; 0 = none */
	uint32_t cu;         /* where this function's file numbers begin in `cu`; since 1.16 */
	uint32_t start_line; /* 0 before 1.20 */
	uint8_t id;          /* runtime.funcID: what it means differs between versions */
	uint8_t flags;       /* enum pclntab_flag; 0 before 1.17 */
};

/* One run of equal values in a pc-value table: they hold for [start, end). */
struct pclntab_values {
	struct view rest;
	uint64_t start, end;
	int32_t value;
	bool first;
};

/* *ret is owned: pclntab_fini. ERR_NOT_FOUND: not a Go program. */
int pclntab_open(const struct object *object, struct pclntab *ret, struct err *err);
void pclntab_fini(struct pclntab *table);

/* Function `index` in order of address; false if its entry is out of bounds. */
bool pclntab_function(const struct pclntab *table, size_t index, struct pclntab_function *ret);

/* The index of the function that covers `address`; false if none does. */
bool pclntab_find(const struct pclntab *table, uint64_t address, size_t *ret_index);

/* Walks sp_values, file_values or line_values; false at the end of the function or of the bytes. */
void pclntab_values_start(const struct pclntab *table, const struct pclntab_function *function,
	uint32_t offset, struct pclntab_values *ret);
bool pclntab_values_next(const struct pclntab *table, struct pclntab_values *values);

/* The value at an address inside `function`; false if the table does not say. */
bool pclntab_value(const struct pclntab *table, const struct pclntab_function *function,
	uint32_t offset, uint64_t address, int32_t *ret);

/* File and line of an address inside `function`; false if the table does not say. */
bool pclntab_line(const struct pclntab *table, const struct pclntab_function *function,
	uint64_t address, struct view *ret_file, uint32_t *ret_line);

#endif
