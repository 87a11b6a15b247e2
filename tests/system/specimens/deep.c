/*
 * deep: a program without frame pointers, 60 frames deep, in three places: called plainly, in a
 * signal handler, in a comparison of qsort. It prints how often it spun in each: the truth. (Its
 * CPU time would not do: where the machine is shared, that counts time in which nothing ran.)
 *
 *   deep SECONDS
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if __has_attribute(noclone) /* clang clones nothing */
#define KEEP __attribute__((noinline, noclone))
#else
#define KEEP __attribute__((noinline))
#endif

static volatile unsigned long sink;
static volatile int depth = 60;
static volatile unsigned long spun[3];

KEEP static void spin(long n)
{
	for (long i = 0; i < n; i++)
		sink += (unsigned long)i * 7;
}

KEEP static int even(int left, long n);

/* Frames of different sizes, so that no two steps are alike. */
KEEP static int odd(int left, long n)
{
	volatile char room[40];

	room[left % 40] = (char)left;
	if (left == 0)
		spin(n);
	else
		sink += (unsigned long)even(left - 1, n);
	return room[left % 40];
}

KEEP static int even(int left, long n)
{
	volatile char room[168];

	room[left % 168] = (char)left;
	if (left == 0)
		spin(n);
	else
		sink += (unsigned long)odd(left - 1, n);
	return room[left % 168];
}

KEEP static void in_plain(void)
{
	spun[0] += 60000;
	sink += (unsigned long)even(depth, 60000);
}

KEEP static void in_signal(int number)
{
	spun[1] += 30000;
	sink += (unsigned long)even(depth, 30000);
}

KEEP static int in_sort(const void *a, const void *b)
{
	spun[2] += 10000;
	sink += (unsigned long)even(depth, 10000);
	return *(const int *)a - *(const int *)b;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double end = seconds() + (argc > 1 ? strtod(argv[1], NULL) : 1);

	signal(SIGUSR1, in_signal);
	while (seconds() < end) {
		int numbers[] = { 3, 1, 2 };

		in_plain();
		raise(SIGUSR1);
		qsort(numbers, 3, sizeof(int), in_sort);
	}
	printf("in_plain %lu\nin_signal %lu\nin_sort %lu\n", spun[0], spun[1], spun[2]);
	return 0;
}
