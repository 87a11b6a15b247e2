/* hook_malloc: the C library's allocation functions, so that a heap profile sees every call. */
#include "inproc/hook_malloc.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inproc/sig_heap.h"

bool hook_malloc_sanitized(void)
{
	return dlsym(RTLD_DEFAULT, "__asan_init") || dlsym(RTLD_DEFAULT, "__tsan_init") ||
	       dlsym(RTLD_DEFAULT, "__msan_init") || dlsym(RTLD_DEFAULT, "__hwasan_init");
}

#ifdef HOOK_MALLOC_LEFT_OUT
bool hook_malloc_works(void)
{
	return false;
}
#else

#define PUBLIC __attribute__((visibility("default")))
#define HERE ((uint64_t)__builtin_return_address(0))
#define ARENA_SIZE 32768
#define ALIGNMENT 16

/* The order of `names`. */
enum function {
	MALLOC,
	FREE,
	CALLOC,
	REALLOC,
	MEMALIGN,
	ALIGNED_ALLOC,
	POSIX_MEMALIGN,
	VALLOC,
	PVALLOC,
	N_FUNCTIONS
};
static const char *const names[N_FUNCTIONS] = { "malloc", "free", "calloc", "realloc", "memalign",
	"aligned_alloc", "posix_memalign", "valloc", "pvalloc" };

static void *_Atomic next[N_FUNCTIONS];

/* Those that are called most, where nothing has to be tested: at first what finds the next. */
static void *first_malloc(size_t size);
static void first_free(void *at);
static void *first_calloc(size_t n, size_t size);
static void *first_realloc(void *at, size_t size);
static struct {
	void *(*_Atomic malloc)(size_t);
	void (*_Atomic free)(void *);
	void *(*_Atomic calloc)(size_t, size_t);
	void *(*_Atomic realloc)(void *, size_t);
} usual = { first_malloc, first_free, first_calloc, first_realloc };

static __thread bool resolving __attribute__((tls_model("initial-exec")));

static _Alignas(ALIGNMENT) char arena[ARENA_SIZE];
static _Atomic size_t arena_used;

static bool in_arena(const void *at)
{
	return (uintptr_t)at - (uintptr_t)arena < ARENA_SIZE;
}

/* Zeroed; its size lies before it. All of it is suspect from then on, so that free and realloc look
 * closer at it. */
static void *arena_take(size_t size)
{
	size_t whole = (size + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, at;

	if (size > ARENA_SIZE)
		return NULL;
	sig_heap_suspect(arena, ARENA_SIZE);
	at = atomic_fetch_add(&arena_used, whole);
	if (at + whole > ARENA_SIZE)
		return NULL;
	memcpy(arena + at, &size, sizeof(size));
	return arena + at + ALIGNMENT;
}

static size_t arena_size(const void *at)
{
	size_t size;

	memcpy(&size, (const char *)at - ALIGNMENT, sizeof(size));
	return size;
}

#define SET_USUAL(name, index)                                                                \
	do {                                                                                  \
		void *found = atomic_load_explicit(&next[index], memory_order_relaxed);       \
                                                                                              \
		if (found)                                                                    \
			atomic_store_explicit(&usual.name, (__typeof__(usual.name + 0))found, \
				memory_order_relaxed);                                        \
	} while (0)

static void resolve(void)
{
	if (resolving)
		return;
	resolving = true;
	for (int i = 0; i < N_FUNCTIONS; i++)
		if (!atomic_load_explicit(&next[i], memory_order_relaxed))
			atomic_store_explicit(
				&next[i], dlsym(RTLD_NEXT, names[i]), memory_order_relaxed);
	SET_USUAL(malloc, MALLOC);
	SET_USUAL(free, FREE);
	SET_USUAL(calloc, CALLOC);
	SET_USUAL(realloc, REALLOC);
	resolving = false;
}

/* NULL while they are being found, by this very thread. */
static inline void *find(enum function function)
{
	void *found = atomic_load_explicit(&next[function], memory_order_relaxed);

	if (__builtin_expect(found != NULL, 1))
		return found;
	resolve();
	return atomic_load_explicit(&next[function], memory_order_relaxed);
}

static inline void *allocated(void *at, size_t size, void *leaf, uint64_t caller)
{
	sig_heap_allocated(at, size, (uint64_t)leaf, caller);
	return at;
}

/* The hooks that are called most have no stack frame on their usual way: they jump to the next
 * function, or else to one of these. */
static __attribute__((noinline)) void *malloc_otherwise(size_t size, uint64_t caller)
{
	void *(*real)(size_t) = find(MALLOC);
	void *at;

	if (!real)
		return arena_take(size);
	at = real(size);
	sig_heap_sample(at, size, (uint64_t)real, caller);
	return at;
}

PUBLIC void *malloc(size_t size)
{
	if (__builtin_expect(sig_heap_passes(size), 1))
		return atomic_load_explicit(&usual.malloc, memory_order_relaxed)(size);
	return malloc_otherwise(size, HERE);
}

static void *first_malloc(size_t size)
{
	void *(*real)(size_t) = find(MALLOC);

	return real ? real(size) : arena_take(size);
}

static __attribute__((noinline)) void free_otherwise(void *at)
{
	void (*real)(void *);

	sig_heap_forget(at);
	if (in_arena(at))
		return;
	real = find(FREE);
	if (real)
		real(at);
}

PUBLIC void free(void *at)
{
	if (__builtin_expect(!sig_heap_may_be_sampled(at), 1))
		atomic_load_explicit(&usual.free, memory_order_relaxed)(at);
	else
		free_otherwise(at);
}

static void first_free(void *at)
{
	void (*real)(void *) = find(FREE);

	if (real)
		real(at);
}

static __attribute__((noinline)) void *calloc_otherwise(size_t n, size_t size, uint64_t caller)
{
	void *(*real)(size_t, size_t) = find(CALLOC);
	size_t bytes;
	void *at;

	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX;
	if (!real)
		return arena_take(bytes);
	at = real(n, size);
	sig_heap_sample(at, bytes, (uint64_t)real, caller);
	return at;
}

PUBLIC void *calloc(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_expect(!__builtin_mul_overflow(n, size, &bytes) && sig_heap_passes(bytes), 1))
		return atomic_load_explicit(&usual.calloc, memory_order_relaxed)(n, size);
	return calloc_otherwise(n, size, HERE);
}

static void *first_calloc(size_t n, size_t size)
{
	void *(*real)(size_t, size_t) = find(CALLOC);
	size_t bytes;

	if (real)
		return real(n, size);
	return __builtin_mul_overflow(n, size, &bytes) ? NULL : arena_take(bytes);
}

static void *leave_arena(void *at, size_t size)
{
	size_t old = arena_size(at);
	void *moved = malloc(size);

	if (moved)
		memcpy(moved, at, old < size ? old : size);
	return moved;
}

/* What was there is held while nobody knows whose it is: it is given back unless this fails. */
static __attribute__((noinline)) void *realloc_otherwise(void *at, size_t size, uint64_t caller)
{
	void *(*real)(void *, size_t) = find(REALLOC);
	uint32_t held;
	void *moved;

	if (__builtin_expect(in_arena(at), 0) || __builtin_expect(!real, 0))
		return at ? leave_arena(at, size) : arena_take(size);
	held = sig_heap_hold(at);
	moved = real(at, size);
	sig_heap_settle(held, moved || size == 0);
	return allocated(moved, size, real, caller);
}

static inline void *reallocate(void *at, size_t size, uint64_t caller)
{
	if (__builtin_expect(!sig_heap_may_be_sampled(at) && sig_heap_passes(size), 1))
		return atomic_load_explicit(&usual.realloc, memory_order_relaxed)(at, size);
	return realloc_otherwise(at, size, caller);
}

static void *first_realloc(void *at, size_t size)
{
	void *(*real)(void *, size_t) = find(REALLOC);

	if (real)
		return real(at, size);
	return at ? leave_arena(at, size) : arena_take(size);
}

PUBLIC void *realloc(void *at, size_t size)
{
	return reallocate(at, size, HERE);
}

PUBLIC void *reallocarray(void *at, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return reallocate(at, bytes, HERE);
}

static void *refuse(void)
{
	errno = ENOMEM;
	return NULL;
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
	void *(*real)(size_t, size_t) = find(MEMALIGN);

	return real ? allocated(real(alignment, size), size, real, HERE) : refuse();
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
	void *(*real)(size_t, size_t) = find(ALIGNED_ALLOC);

	return real ? allocated(real(alignment, size), size, real, HERE) : refuse();
}

PUBLIC int posix_memalign(void **ret, size_t alignment, size_t size)
{
	int (*real)(void **, size_t, size_t) = find(POSIX_MEMALIGN);
	int error = real ? real(ret, alignment, size) : ENOMEM;

	if (error == 0)
		allocated(*ret, size, real, HERE);
	return error;
}

PUBLIC void *valloc(size_t size)
{
	void *(*real)(size_t) = find(VALLOC);

	return real ? allocated(real(size), size, real, HERE) : refuse();
}

PUBLIC void *pvalloc(size_t size)
{
	void *(*real)(size_t) = find(PVALLOC);

	return real ? allocated(real(size), size, real, HERE) : refuse();
}

/* C23. The next library may not have them yet; free is right for any block. */
void free_sized(void *at, size_t size);
void free_aligned_sized(void *at, size_t alignment, size_t size);

PUBLIC void free_sized(void *at, size_t size)
{
	free(at);
}

PUBLIC void free_aligned_sized(void *at, size_t alignment, size_t size)
{
	free(at);
}

/* Whether the loader's own lookup, the first in the program's order, leads here. Where a program
 * that has a fixed place uses the address of malloc, the first is a stub of the program's that
 * leads to the next. */
bool hook_malloc_works(void)
{
	void *first = dlsym(RTLD_DEFAULT, "malloc");
	const ElfW(Sym) *symbol = NULL;
	Dl_info here, there;

	if (!dladdr((const void *)resolve, &here) ||
		!dladdr1(first, &there, (void **)&symbol, RTLD_DL_SYMENT))
		return false;
	return here.dli_fbase == there.dli_fbase || (symbol && symbol->st_shndx == SHN_UNDEF);
}
#endif
