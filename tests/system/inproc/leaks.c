/* leaks: a program whose heap is known: it keeps some, gives some back, and with an argument goes
 * on. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SMALL 200000
#define LARGE 100

static void *volatile kept;

#define KEEP(size)                                 \
	do {                                       \
		kept = malloc(size);               \
		__asm__ volatile("" ::: "memory"); \
	} while (0)

__attribute__((noinline)) static void keep_small(void)
{
	for (int i = 0; i < SMALL; i++)
		KEEP(64);
}

__attribute__((noinline)) static void keep_large(void)
{
	for (int i = 0; i < LARGE; i++)
		KEEP(1 << 20);
}

__attribute__((noinline)) static void drop_large(void)
{
	for (int i = 0; i < LARGE; i++) {
		KEEP(1 << 20);
		free(kept);
	}
}

__attribute__((noinline)) static void grow(void)
{
	KEEP(1 << 20);
	__asm__ volatile("" ::: "memory");
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	int (*port)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "fly_http_port");

	keep_small();
	keep_large();
	drop_large();
	if (argc < 2 || !port)
		return 3;
	printf("%d\n", port());
	fflush(stdout);
	for (int i = 0; i < 600; i++) {
		grow();
		nanosleep(&pause, NULL);
	}
	return 0;
}
