/*
 * worker: a service that uploads its profiles all the time, to a Flyover or Pyroscope server.
 *
 *     cc -O2 -g worker.c $(pkg-config --cflags --libs flyover) && ./a.out http://localhost:4040
 */
#include <flyover/flyover.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned long count_primes(unsigned long below)
{
	unsigned long n = 0;

	for (unsigned long i = 2; i < below; i++) {
		unsigned long d = 2;

		while (d * d <= i && i % d)
			d++;
		n += d * d > i;
	}
	return n;
}

int main(int argc, char **argv)
{
	struct fly_push_options options = { .size = sizeof(options),
		.url = argc > 1 ? argv[1] : "http://localhost:4040",
		.service = "worker",
		.spool = "worker.spool" }; /* an outage of the server loses nothing */
	struct fly_push_counts counts;
	struct fly_error error;
	time_t end = time(NULL) + (argc > 2 ? strtol(argv[2], NULL, 10) : 3600);
	unsigned long found = 0;

	if (fly_push_start(&options, &error))
		fprintf(stderr, "no profiles: %s\n", error.text); /* and the service goes on */
	while (time(NULL) < end)
		found += count_primes(100000);
	if (fly_push_stop(2000, &error)) /* what is left goes out, for 2 seconds at most */
		fprintf(stderr, "no profiles: %s\n", error.text);
	fly_push_count(&counts, sizeof(counts));
	printf("%lu primes, %llu profiles sent\n", found, (unsigned long long)counts.sent);
	return 0;
}
