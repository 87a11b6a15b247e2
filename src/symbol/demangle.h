/*
 * demangle: from a linker's name to the one in the source.
 *
 * C++ (Itanium) and Rust (legacy and v0), by libiberty. The result is the qualified name with
 * template arguments, without parameters and return type: "std::vector<int, …>::push_back".
 * Overloads therefore share a name, and a clone the compiler made (.cold, .part.0, .isra.0,
 * .constprop.0, .lto_priv.0, .llvm.123) has that of its function, in C too. Rust's hash is dropped,
 * and so is a symbol version ("@@GLIBC_2.34"), but not "@plt".
 */
#ifndef SYMBOL_DEMANGLE_H
#define SYMBOL_DEMANGLE_H

#include "base/buf.h"
#include "base/view.h"

#define DEMANGLE_INPUT_MAX \
	1024 /* libiberty's own bound, which keeps its recursion off our stack's end */
#define DEMANGLE_OUTPUT_MAX ((size_t)16 << 10)

/* Appends the name for people to `out`: demangled, or as it is if that is not possible. Longer
 * names than DEMANGLE_OUTPUT_MAX stay mangled. */
void demangle(struct view name, struct buf *out);

#endif
