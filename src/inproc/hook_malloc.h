/*
 * hook_malloc: the C library's allocation functions, so that a heap profile sees every call.
 *
 * Each calls the next library's function of its name, whichever allocator that is, and then tells
 * sig_heap. While no profile is kept that is one test more. What dlsym itself allocates while the
 * next functions are being found comes from a small arena that is never given back.
 */
#ifndef INPROC_HOOK_MALLOC_H
#define INPROC_HOOK_MALLOC_H

#include <stdbool.h>

/* An address sanitizer brings its own functions, and must be the first to be called. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HOOK_MALLOC_LEFT_OUT
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define HOOK_MALLOC_LEFT_OUT
#endif
#endif

/* Whether calls of the program come here: not with a sanitizer, nor if the program or a library in
 * front of ours has functions of its own. */
bool hook_malloc_works(void);

/* Whether a sanitizer of any kind is in the program. */
bool hook_malloc_sanitized(void);

#endif
