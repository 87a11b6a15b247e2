/*
 * record_load: work 60 frames deep, without frame pointers, as a load for the record benchmark.
 *
 *   record_load ROUNDS [THREADS]
 *
 * Each thread does ROUNDS rounds; 0 is until a signal. It prints the CPU seconds it took.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define THREADS_MAX 64

static volatile unsigned long sink;
static long rounds;

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

static void *work(void *unused)
{
	for (long i = 0; rounds == 0 || i < rounds; i++)
		sink += (unsigned long)go_down(60);
	return unused;
}

int main(int argc, char **argv)
{
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	pthread_t others[THREADS_MAX];
	struct timespec used;
	long started = 0;

	rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 10000;
	while (started + 1 < n && started < THREADS_MAX &&
		pthread_create(&others[started], NULL, work, NULL) == 0)
		started++;
	work(NULL);
	while (started)
		pthread_join(others[--started], NULL);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	printf("%.6f\n", (double)used.tv_sec + (double)used.tv_nsec / 1e9);
	return 0;
}
