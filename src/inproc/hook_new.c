/* hook_new: C++'s operators new and delete, for allocators that bring their own. */
#include "inproc/hook_new.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inproc/hook_malloc.h"
#include "inproc/sig_heap.h"

#ifdef HOOK_MALLOC_LEFT_OUT
bool hook_new_counts(void)
{
	return false;
}
#else

#define PUBLIC __attribute__((visibility("default")))
#define HERE ((uint64_t)__builtin_return_address(0))

/* The order of `names`; the sized forms of delete lie behind those that they can be done with. */
enum form {
	NEW,
	NEW_NOTHROW,
	NEW_ALIGNED,
	NEW_ALIGNED_NOTHROW,
	NEW_ARRAY,
	NEW_ARRAY_NOTHROW,
	NEW_ARRAY_ALIGNED,
	NEW_ARRAY_ALIGNED_NOTHROW,
	DELETE,
	DELETE_SIZED,
	DELETE_NOTHROW,
	DELETE_ALIGNED,
	DELETE_SIZED_ALIGNED,
	DELETE_ALIGNED_NOTHROW,
	DELETE_ARRAY,
	DELETE_ARRAY_SIZED,
	DELETE_ARRAY_NOTHROW,
	DELETE_ARRAY_ALIGNED,
	DELETE_ARRAY_SIZED_ALIGNED,
	DELETE_ARRAY_ALIGNED_NOTHROW,
	N_FORMS
};
static const char *const names[N_FORMS] = { "_Znwm", "_ZnwmRKSt9nothrow_t", "_ZnwmSt11align_val_t",
	"_ZnwmSt11align_val_tRKSt9nothrow_t", "_Znam", "_ZnamRKSt9nothrow_t",
	"_ZnamSt11align_val_t", "_ZnamSt11align_val_tRKSt9nothrow_t", "_ZdlPv", "_ZdlPvm",
	"_ZdlPvRKSt9nothrow_t", "_ZdlPvSt11align_val_t", "_ZdlPvmSt11align_val_t",
	"_ZdlPvSt11align_val_tRKSt9nothrow_t", "_ZdaPv", "_ZdaPvm", "_ZdaPvRKSt9nothrow_t",
	"_ZdaPvSt11align_val_t", "_ZdaPvmSt11align_val_t", "_ZdaPvSt11align_val_tRKSt9nothrow_t" };

static void *_Atomic next[N_FORMS];
static _Atomic bool counts, found;

/* std::__throw_bad_alloc(), where the program has it. */
void _ZSt17__throw_bad_allocv(void) __attribute__((weak, noreturn));

/* A C++ library's operators call malloc. */
static bool is_of_cpp_library(void *function)
{
	const char *name;
	Dl_info info;

	if (!function || !dladdr(function, &info) || !info.dli_fname)
		return true;
	name = strrchr(info.dli_fname, '/');
	name = name ? name + 1 : info.dli_fname;
	return strncmp(name, "libstdc++.", 10) == 0 || strncmp(name, "libc++.", 7) == 0 ||
	       strncmp(name, "libc++abi.", 10) == 0;
}

/* Threads that come at once find the same. The loader's lock is taken here, and only here: when the
 * library is loaded, or before that, by the first constructor that allocates. */
__attribute__((constructor(101), noinline)) static void find_all(void)
{
	if (atomic_load(&found))
		return;
	for (int i = 0; i < N_FORMS; i++) {
		void *real = dlsym(RTLD_NEXT, names[i]);
		bool is_sized = i == DELETE_SIZED || i == DELETE_SIZED_ALIGNED ||
				i == DELETE_ARRAY_SIZED || i == DELETE_ARRAY_SIZED_ALIGNED;

		if (!real && is_sized)
			real = atomic_load(&next[i - 1]);
		atomic_store(&next[i], real);
	}
	atomic_store(&counts, !is_of_cpp_library(atomic_load(&next[NEW])));
	atomic_store(&found, true);
}

static inline void *find(enum form form)
{
	void *real = atomic_load_explicit(&next[form], memory_order_relaxed);

	if (__builtin_expect(!real && !atomic_load(&found), 0)) {
		find_all();
		real = atomic_load_explicit(&next[form], memory_order_relaxed);
	}
	return real;
}

bool hook_new_counts(void)
{
	find(NEW);
	return atomic_load(&counts);
}

static inline bool counts_now(void)
{
	return __builtin_expect(atomic_load_explicit(&counts, memory_order_relaxed), 0) &&
	       atomic_load_explicit(&sig_heap_epoch, memory_order_relaxed);
}

/* Any allocation that sig_heap was told of changes one of these. */
struct mark {
	uint64_t until, rest, random;
};

static inline struct mark mark(void)
{
	return (struct mark){ sig_heap_thread.until, sig_heap_thread.rest, sig_heap_thread.random };
}

static inline void *count(
	void *at, size_t size, const struct mark *before, void *leaf, uint64_t caller)
{
	struct mark now = mark();

	if (now.until == before->until && now.rest == before->rest && now.random == before->random)
		sig_heap_allocated(at, size, (uint64_t)leaf, caller);
	return at;
}

struct request {
	enum form form;
	size_t size, alignment; /* 0 = as malloc aligns */
	uint64_t caller;
};

static void *object_of(const void *at)
{
	Dl_info info;

	return dladdr(at, &info) ? info.dli_fbase : NULL;
}

static void *look_into(const char *path, const char *name)
{
	void *library = path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD) : NULL;
	void *real = library ? dlsym(library, name) : NULL;

	if (library)
		dlclose(library);
	return real && object_of(real) != object_of((const void *)look_into) ? real : NULL;
}

/* There is no memory: whoever can throw that, does. The operator as the caller would have found it
 * without us, or that of the usual library; not those of arrays, which may call the others and so
 * come here again. */
static void *refuse(const struct request *request)
{
	const char *name = names[request->alignment ? NEW_ALIGNED : NEW];
	Dl_info caller = { 0 };
	void *real;

	dladdr((const void *)(uintptr_t)request->caller, &caller);
	real = look_into(caller.dli_fname, name);
	if (!real)
		real = look_into("libstdc++.so.6", name);
	if (real && request->alignment)
		return ((void *(*)(size_t, size_t))real)(request->size, request->alignment);
	if (real)
		return ((void *(*)(size_t))real)(request->size);
	if (_ZSt17__throw_bad_allocv)
		_ZSt17__throw_bad_allocv();
	abort();
}

static bool throws(enum form form)
{
	return form == NEW || form == NEW_ALIGNED || form == NEW_ARRAY || form == NEW_ARRAY_ALIGNED;
}

/* As libstdc++'s. */
static __attribute__((noinline)) void *make(const struct request *request)
{
	size_t size = request->size ? request->size : 1, alignment = request->alignment;
	void *at = NULL;

	if (!alignment)
		at = malloc(size);
	else if (size <= SIZE_MAX - alignment)
		at = aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
	return at || !throws(request->form) ? at : refuse(request);
}

/* std::align_val_t is a size_t, and std::nothrow_t comes as a pointer. Exceptions pass through. */
#define ALLOCATES(symbol, which, alignment_or_0, parameters, arguments)                      \
	void *symbol parameters;                                                             \
	PUBLIC void *symbol parameters                                                       \
	{                                                                                    \
		void *(*real)parameters = find(which);                                       \
		struct mark before;                                                          \
                                                                                             \
		if (__builtin_expect(!real, 0))                                              \
			return make(&(struct request){ which, size, alignment_or_0, HERE }); \
		if (!counts_now())                                                           \
			return real arguments;                                               \
		before = mark();                                                             \
		return count(real arguments, size, &before, (void *)real, HERE);             \
	}
#define FREES(symbol, which, parameters, arguments)   \
	void symbol parameters;                       \
	PUBLIC void symbol parameters                 \
	{                                             \
		void(*real) parameters = find(which); \
                                                      \
		if (counts_now())                     \
			sig_heap_freed(at);           \
		if (__builtin_expect(!real, 0))       \
			free(at);                     \
		else                                  \
			real arguments;               \
	}

/* clang-format off */
#define ALLOCATE_ALL(letter, form)                                                                  \
	ALLOCATES(_Zn##letter##m, form, 0, (size_t size), (size))                                   \
	ALLOCATES(_Zn##letter##mRKSt9nothrow_t, form##_NOTHROW, 0,                                  \
		(size_t size, const void *nothrow), (size, nothrow))                                \
	ALLOCATES(_Zn##letter##mSt11align_val_t, form##_ALIGNED, alignment,                         \
		(size_t size, size_t alignment), (size, alignment))                                 \
	ALLOCATES(_Zn##letter##mSt11align_val_tRKSt9nothrow_t, form##_ALIGNED_NOTHROW, alignment,   \
		(size_t size, size_t alignment, const void *nothrow), (size, alignment, nothrow))
#define FREE_ALL(letter, form)                                                                      \
	FREES(_Zd##letter##Pv, form, (void *at), (at))                                              \
	FREES(_Zd##letter##Pvm, form##_SIZED, (void *at, size_t size), (at, size))                  \
	FREES(_Zd##letter##PvRKSt9nothrow_t, form##_NOTHROW,                                        \
		(void *at, const void *nothrow), (at, nothrow))                                     \
	FREES(_Zd##letter##PvSt11align_val_t, form##_ALIGNED,                                       \
		(void *at, size_t alignment), (at, alignment))                                      \
	FREES(_Zd##letter##PvmSt11align_val_t, form##_SIZED_ALIGNED,                                \
		(void *at, size_t size, size_t alignment), (at, size, alignment))                   \
	FREES(_Zd##letter##PvSt11align_val_tRKSt9nothrow_t, form##_ALIGNED_NOTHROW,                 \
		(void *at, size_t alignment, const void *nothrow), (at, alignment, nothrow))

ALLOCATE_ALL(w, NEW)
ALLOCATE_ALL(a, NEW_ARRAY)
FREE_ALL(l, DELETE)
FREE_ALL(a, DELETE_ARRAY)
/* clang-format on */
#endif
