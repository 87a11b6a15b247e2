/*
 * hook_new: C++'s operators new and delete, for allocators that bring their own.
 *
 * libstdc++'s and libc++'s call malloc and free, which hook_malloc sees; those of jemalloc and
 * tcmalloc do not. Each operator here calls the next library's. Where that is a C++ library's there
 * is nothing else; otherwise what it returns is told to sig_heap, unless a malloc inside of it was
 * seen already.
 *
 * A C program may load C++ later, in a scope of its own, where the next library cannot be found:
 * then these are the operators, made of malloc and free as libstdc++'s are. What they cannot do
 * themselves, to throw std::bad_alloc, they leave to the C++ library of whoever called.
 */
#ifndef INPROC_HOOK_NEW_H
#define INPROC_HOOK_NEW_H

#include <stdbool.h>

/* Whether the program's operators are those of an allocator, and are looked at here. */
bool hook_new_counts(void);

#endif
