/*
 * failing_malloc: an allocator whose Nth answer is NULL, and that knows how many blocks are out.
 *
 * For one program, linked with -Wl,--wrap=malloc and so on for each function below: what our own
 * objects ask for comes here, what libraries ask for does not.
 */
#ifndef FAILING_MALLOC_H
#define FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

static long fail_at;           /* the allocation that fails, counted from 1; 0 = none */
static long n_asked, n_living; /* allocations since arm(), and blocks not yet freed */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__real_libdeflate_alloc_decompressor(void);
void *__real_libdeflate_alloc_compressor(int level);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);
void *__wrap_libdeflate_alloc_decompressor(void);
void *__wrap_libdeflate_alloc_compressor(int level);

static bool fails(void)
{
	return ++n_asked == fail_at;
}

static void *counted(void *at)
{
	n_living += at != NULL;
	return at;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *at, size_t size)
{
	if (fails())
		return NULL;
	return at ? __real_realloc(at, size) : counted(__real_malloc(size));
}

void __wrap_free(void *at)
{
	n_living -= at != NULL;
	__real_free(at);
}

void *__wrap_libdeflate_alloc_decompressor(void)
{
	return fails() ? NULL : __real_libdeflate_alloc_decompressor();
}

void *__wrap_libdeflate_alloc_compressor(int level)
{
	return fails() ? NULL : __real_libdeflate_alloc_compressor(level);
}

/* Counts from now on; the nth allocation fails, 0 = none does. */
static void arm(long nth)
{
	n_asked = 0;
	fail_at = nth;
}

#endif
