/* hook_real: the C library's own functions behind our hooks. */
#include "inproc/hook_real.h"

#include <dlfcn.h>
#include <stdlib.h>

_Atomic(const struct hook_real *) hook_real_found;

/* A program that is linked statically as a whole has no other function of that name, and no threads
 * either: pthread_create says so. */
static int do_nothing(void)
{
	return 0;
}

/* Of several versions in the C library the one that is named; but another hook that comes before
 * it, a sanitizer's, goes first. */
static void *find(const char *name, const char *version)
{
	void *next = dlsym(RTLD_NEXT, name);
	void *versioned = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
	Dl_info here, there;

	if (!next && !versioned)
		return (void *)do_nothing;
	if (!versioned || !next || !dladdr(next, &here) || !dladdr(versioned, &there))
		return next;
	return here.dli_fbase == there.dli_fbase ? versioned : next;
}

/* Threads that come at once find the same. */
const struct hook_real *hook_real_find(void)
{
	static struct hook_real functions;

#define FIND(result, name, parameters, version) \
	functions.name = (result(*) parameters)find(#name, version);
	HOOK_REAL_FUNCTIONS(FIND)
#undef FIND
	atomic_store_explicit(&hook_real_found, &functions, memory_order_release);
	return &functions;
}

/* Before threads are there, and before a hook is called in a place where the loader's lock is
 * held. */
__attribute__((constructor(101))) static void begin(void)
{
	hook_real_find();
}
