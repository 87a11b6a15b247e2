/* kernels: a program that spends a known part of its CPU time in the kernel, under a CPU profile
 * with the kernel's frames.
 *
 *   kernels THREADS PROFILE     prints the share that its threads measured themselves
 */
#include <errno.h>
#include <flyover/flyover.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define SECONDS 3.0 /* of CPU time, over all threads */
#define THREADS_MAX 64

static volatile uint64_t sink;
static int n_threads;

struct part {
	double kernel, all;
};

static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* About a millisecond. The call may return early, since the samples' signals end it. */
__attribute__((noinline)) static void ask_the_kernel(void)
{
	static __thread char bytes[1 << 18];
	size_t at = 0;

	while (at < sizeof(bytes)) {
		ssize_t n = getrandom(bytes + at, sizeof(bytes) - at, 0);

		if (n < 0 && errno != EINTR)
			abort();
		at += n > 0 ? (size_t)n : 0;
	}
	__asm__ volatile("");
}

__attribute__((noinline)) static void compute(void)
{
	for (int i = 0; i < 500000; i++)
		sink += (uint64_t)i;
	__asm__ volatile("");
}

static void *work(void *context)
{
	struct part *part = context;
	double began = cpu_s(), now = began;

	while (now - began < SECONDS / n_threads) {
		double before;

		compute();
		before = cpu_s();
		ask_the_kernel();
		now = cpu_s();
		part->kernel += now - before;
	}
	part->all = now - began;
	return NULL;
}

int main(int argc, char **argv)
{
	static struct part parts[THREADS_MAX];
	struct fly_cpu_options options = { .size = sizeof(options), .kernel = 1 };
	struct part sum = { 0 };
	pthread_t threads[THREADS_MAX];
	struct fly_error error;

	n_threads = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
	if (n_threads < 1 || n_threads > THREADS_MAX)
		return 2;
	options.path = argv[2];
	if (fly_cpu_start(&options, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	for (int i = 0; i < n_threads; i++)
		if (pthread_create(&threads[i], NULL, work, &parts[i]))
			return 1;
	for (int i = 0; i < n_threads; i++) {
		pthread_join(threads[i], NULL);
		sum.kernel += parts[i].kernel;
		sum.all += parts[i].all;
	}
	if (fly_cpu_stop(&error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	printf("%.4f\n", sum.kernel / sum.all);
	return 0;
}
