/* heap_load: what allocating costs: prints ns of CPU time for each malloc and free. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PAIRS 20000000
#define LIVE 4096 /* a power of two */

static double now(void)
{
	struct timespec is;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &is);
	return (double)is.tv_sec * 1e9 + (double)is.tv_nsec;
}

static void *seen(void *block)
{
	__asm__ volatile("" : "+r"(block) : : "memory");
	return block;
}

/* The same small block, again and again: the allocator's shortest way. */
static double pair_ns(size_t size)
{
	double began = now();

	for (int i = 0; i < PAIRS; i++)
		free(seen(malloc(size)));
	return (now() - began) / PAIRS;
}

/* Of 4096 that are live, any one goes and another, of 16 bytes to 1 KiB, comes. */
static double mixed_ns(void)
{
	static void *blocks[LIVE];
	uint64_t random = 1;
	double began = now();

	for (int i = 0; i < PAIRS; i++) {
		size_t at;

		random = random * 6364136223846793005u + 1442695040888963407u;
		at = random >> 33 & (LIVE - 1);
		free(blocks[at]);
		blocks[at] = seen(malloc(16 + (random >> 45 & 1023)));
	}
	began = now() - began;
	for (int i = 0; i < LIVE; i++)
		free(blocks[i]);
	return began / PAIRS;
}

int main(void)
{
	pair_ns(64);
	printf("64 %f\n1024 %f\nmixed %f\n", pair_ns(64), pair_ns(1024), mixed_ns());
	return 0;
}
