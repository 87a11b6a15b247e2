/*
 * batch: a job that writes a CPU profile of one of its phases.
 *
 *     cc -O2 -g batch.c -lflyover && ./a.out && go tool pprof -top sort.pb.gz
 */
#include <flyover/flyover.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static void fill(unsigned *numbers, size_t n)
{
	unsigned seed = 1;

	for (size_t i = 0; i < n; i++)
		numbers[i] = seed = seed * 1664525u + 1013904223u;
}

int main(void)
{
	struct fly_cpu_options options = { .size = sizeof(options), .path = "sort.pb.gz" };
	size_t n = 1u << 23; /* about a second of work */
	unsigned *numbers = malloc(n * sizeof(*numbers));
	struct fly_error error;

	if (!numbers)
		return 1;
	fill(numbers, n);
	if (fly_cpu_start(&options, &error))
		fprintf(stderr, "no profile: %s\n", error.text); /* and the job goes on */
	qsort(numbers, n, sizeof(*numbers), compare);
	if (fly_cpu_stop(&error))
		fprintf(stderr, "no profile: %s\n", error.text);
	free(numbers);
	return 0;
}
