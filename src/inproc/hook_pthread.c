/* hook_pthread: pthread_create, so that new threads are sampled from their first instruction. */
#include "inproc/hook_pthread.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "inproc/cpu_threads.h"
#include "inproc/thread_context.h"

typedef int create_function(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context);

static _Atomic(create_function *) real;
static pthread_key_t key;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static create_function *find_real(void)
{
	create_function *found = atomic_load_explicit(&real, memory_order_relaxed);

	if (!found) {
		found = (create_function *)dlsym(RTLD_NEXT, "pthread_create");
		atomic_store_explicit(&real, found, memory_order_relaxed);
	}
	return found;
}

int hook_pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context)
{
	create_function *create = find_real();

	return create ? create(thread, attributes, start, context) : ENOSYS;
}

static void leave(void *unused)
{
	(void)unused;
	cpu_threads_leave();
	thread_context_free();
}

static void make_key(void)
{
	pthread_key_create(&key, leave);
}

void hook_pthread_at_exit(void)
{
	pthread_once(&key_made, make_key);
	pthread_setspecific(key, &key);
}

struct begin {
	void *(*start)(void *);
	void *context;
};

/* The last call is a jump: the program sees its own function at the bottom of the stack. */
static void *begin_thread(void *arg)
{
	struct begin begin = *(struct begin *)arg;

	free(arg);
	cpu_threads_enter();
	hook_pthread_at_exit();
	return begin.start(begin.context);
}

/* Ours comes first in the order of libraries, so that programs call this one. */
__attribute__((visibility("default"))) int pthread_create(pthread_t *restrict thread,
	const pthread_attr_t *restrict attributes, void *(*start)(void *), void *restrict context)
{
	struct begin *begin;
	int error;

	if (!cpu_threads_are_on())
		return hook_pthread_create(thread, attributes, start, context);
	begin = malloc(sizeof(*begin));
	if (!begin)
		return hook_pthread_create(thread, attributes, start, context);
	*begin = (struct begin){ start, context };
	error = hook_pthread_create(thread, attributes, begin_thread, begin);
	if (error)
		free(begin);
	return error;
}
