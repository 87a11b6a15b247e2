/*
 * record_load: a fixed amount of work 60 frames deep, without frame pointers, as a load for the
 * record benchmark. It prints the CPU seconds it took.
 *
 *   record_load ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile unsigned long sink;

__attribute__((noinline, noclone)) static void spin(void)
{
	for (unsigned long i = 0; i < 20000; i++)
		sink += i;
}

__attribute__((noinline, noclone)) static int go_down(int left)
{
	volatile char room[64];

	room[left] = (char)left;
	if (left == 0)
		spin();
	else
		sink += (unsigned long)go_down(left - 1);
	return room[left];
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 10000;
	struct timespec used;

	for (long i = 0; i < rounds; i++)
		sink += (unsigned long)go_down(60);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	printf("%.6f\n", (double)used.tv_sec + (double)used.tv_nsec / 1e9);
	return 0;
}
