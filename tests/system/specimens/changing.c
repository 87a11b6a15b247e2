/*
 * changing: a process whose code changes while it runs.
 *
 *   changing plugin FILE   loads FILE after a while and spins in its plugin_spin()
 *   changing threads       threads that live for a few milliseconds, one after the other
 *   changing busy          four threads that spin until a signal
 *   changing jit           calls spin() through code made at run time, with frame pointers
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#if __has_attribute(noclone) /* clang clones nothing */
#define KEEP __attribute__((noinline, noclone))
#else
#define KEEP __attribute__((noinline))
#endif
#define SECONDS 1.5

static volatile unsigned long sink;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

KEEP static void spin(void)
{
	for (long i = 0; i < 200000; i++)
		sink += (unsigned long)i;
}

static int load(const char *file)
{
	double end = now() + SECONDS, half = now() + SECONDS / 3;
	void (*call)(void);
	void *plugin;

	while (now() < half)
		spin();
	plugin = dlopen(file, RTLD_NOW);
	call = plugin ? (void (*)(void))(uintptr_t)dlsym(plugin, "plugin_spin") : NULL;
	if (!call) {
		fprintf(stderr, "changing: %s\n", dlerror());
		return 1;
	}
	while (now() < end)
		call();
	return 0;
}

static void *short_life(void *unused)
{
	double end = now() + 0.004;

	while (now() < end)
		spin();
	return NULL;
}

static void *endless(void *unused)
{
	for (;;)
		spin();
	return unused;
}

static int busy(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, endless, NULL))
			return 1;
	endless(NULL);
	return 0;
}

static int threads(void)
{
	double end = now() + SECONDS;

	while (now() < end) {
		pthread_t a, b;

		if (pthread_create(&a, NULL, short_life, NULL) ||
			pthread_create(&b, NULL, short_life, NULL))
			return 1;
		pthread_join(a, NULL);
		pthread_join(b, NULL);
	}
	return 0;
}

/* push rbp; mov rbp, rsp; mov rax, spin; call rax; pop rbp; ret */
static int jit(void)
{
	unsigned char code[] = { 0x55, 0x48, 0x89, 0xe5, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
		0xd0, 0x5d, 0xc3 };
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uintptr_t target = (uintptr_t)spin;
	double end = now() + SECONDS;

	if (at == MAP_FAILED)
		return 1;
	memcpy(code + 6, &target, sizeof(target));
	memcpy(at, code, sizeof(code));
	if (mprotect(at, 4096, PROT_READ | PROT_EXEC))
		return 1;
	while (now() < end)
		((void (*)(void))(uintptr_t)at)();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "plugin") == 0)
		return load(argv[2]);
	if (argc > 1 && strcmp(argv[1], "threads") == 0)
		return threads();
	if (argc > 1 && strcmp(argv[1], "busy") == 0)
		return busy();
	if (argc > 1 && strcmp(argv[1], "jit") == 0)
		return jit();
	return 2;
}
