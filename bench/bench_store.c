/*
 * bench_store: a store on disk by itself: what a profile costs to append, to keep and to find, and
 * how long it takes to open after a kill.
 *
 *   bench_store [HOURS [SERIES_OF_SERVICE [MEMORY_MB]]]
 *
 * 20 services, each with so many series (10), each with a profile every 10 s; 288 of a service's
 * 5,000 stacks in each (Zipf, 24 frames deep in the mean). Profiles come in order of time, 200 in
 * an append, and are synced before the next append.
 */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/profile.h"
#include "store/depot.h"
#include "store/folders.h"
#include "store/store_rocksdb.h"

#define SERVICES 20u
#define STACKS 5000u
#define SAMPLES 288u
#define VARIANTS 24u
#define SECOND ((int64_t)1000000000)
#define START ((int64_t)1700006400 * SECOND) /* a midnight */
#define STEP_S 10

static struct profile *profiles[SERVICES][VARIANTS];
static uint64_t dice = 88172645463325252ULL;
static char folder[256]; /* in $TMPDIR */
static size_t memory_max;

static uint32_t roll(uint32_t n)
{
	dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
	return (uint32_t)(dice >> 33) % n;
}

static double zipf_sum[STACKS + 1];

static uint32_t zipf(void)
{
	double at = (roll(1u << 30) + 0.5) / (1u << 30) * zipf_sum[STACKS];
	uint32_t low = 0, high = STACKS;

	while (low + 1 < high) {
		uint32_t middle = (low + high) / 2;

		if (zipf_sum[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Stack `i` of a service: a way down a tree whose branches are the same each time. */
static uint32_t push(struct profile *p, unsigned service, uint32_t i)
{
	uint64_t hash = (uint64_t)i * 0x9e3779b97f4a7c15ULL + service;
	unsigned depth = 14 + (unsigned)(hash >> 40) % 21;
	uint32_t stack = 0;
	char name[64];

	for (unsigned d = 0; d < depth; d++) {
		uint64_t branch = d < 10 ? (hash >> 3 * d) % (d < 4 ? 2 : 5) : hash % 100003;

		snprintf(name, sizeof(name), "service%u.package%u.function_%u_%llu", service, d % 7,
			d, (unsigned long long)branch);
		stack = profile_push(p, stack, profile_named(p, view_of(name)));
	}
	return stack;
}

static struct profile *make(unsigned service)
{
	struct profile *p = profile_new();
	bool *has = calloc(STACKS, 1);
	int64_t value = 1;
	uint32_t i;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (unsigned n = 0; has && n < SAMPLES; n++) {
		do
			i = zipf();
		while (has[i]);
		has[i] = true;
		profile_add(p, push(p, service, i), 0, &value);
	}
	free(has);
	p->duration_ns = STEP_S * SECOND;
	return p;
}

static uint64_t thread_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool is_done;
};

static void done(void *owner, int code, const struct err *err)
{
	struct waiter *waiter = owner;

	if (code < 0) {
		fprintf(stderr, "bench_store: %s\n", err->text);
		_exit(1);
	}
	pthread_mutex_lock(&waiter->lock);
	waiter->is_done = true;
	pthread_cond_signal(&waiter->cond);
	pthread_mutex_unlock(&waiter->lock);
}

/* The profiles of one moment. Returns how many samples they have. */
static size_t append(struct store *store, unsigned pods, int64_t second)
{
	struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
	struct store_receipt receipt = { done, &waiter };
	static struct store_entry entries[SERVICES * 1000];
	static struct store_label labels[SERVICES * 1000][2];
	static char names[SERVICES * 1000][2][24];
	size_t n = 0, samples = 0;
	struct err err;

	for (unsigned s = 0; s < SERVICES; s++)
		for (unsigned pod = 0; pod < pods; pod++, n++) {
			struct profile *p = profiles[s][roll(VARIANTS)];

			for (size_t i = 0; i < p->n_samples; i++)
				p->values[i] = 1 + roll(8) * (roll(4) == 0);
			p->time_ns = START + second * SECOND;
			samples += p->n_samples;
			snprintf(names[n][0], 24, "pod-%u", pod);
			snprintf(names[n][1], 24, "service-%u", s);
			labels[n][0] = (struct store_label){ VIEW("pod"), view_of(names[n][0]) };
			labels[n][1] =
				(struct store_label){ VIEW("service_name"), view_of(names[n][1]) };
			entries[n] = (struct store_entry){ .name = VIEW("process_cpu"),
				.labels = { labels[n], 2 },
				.profile = p };
		}
	/* One profile may be in several entries: each is encoded when its turn comes. */
	if (store_append(store, entries, n, &receipt, &err) < 0) {
		fprintf(stderr, "bench_store: %s\n", err.text);
		_exit(1);
	}
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.is_done)
		pthread_cond_wait(&waiter.cond, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	return samples;
}

static struct store *open_store(void)
{
	struct store_rocksdb_options options = {
		.path = folder, .by_hand = true, .memory_max = memory_max
	};
	struct store *store;
	struct err err;

	if (store_rocksdb_open(&options, &store, &err) < 0) {
		fprintf(stderr, "bench_store: %s\n", err.text);
		_exit(1);
	}
	return store;
}

static double seconds_since(uint64_t at_ns)
{
	return (double)(clock_monotonic_ns() - at_ns) / 1e9;
}

static void tend(struct store *store, int64_t second)
{
	struct err err;

	if (store_rocksdb_tend(store, START + second * SECOND, &err) < 0)
		fprintf(stderr, "bench_store: %s\n", err.text);
}

/* In a process of its own, which is killed at the end. */
static void fill(unsigned hours, unsigned pods)
{
	struct store *store = open_store();
	uint64_t at_ns = clock_monotonic_ns(), cpu_ns, append_ns = 0, fold_ns = 0, begin_cpu;
	size_t samples = 0, n = 0;
	struct rusage usage, before;

	getrusage(RUSAGE_SELF, &before);
	begin_cpu = clock_process_cpu_ns();
	for (int64_t second = 0; second < (int64_t)hours * 3600; second += STEP_S) {
		cpu_ns = clock_process_cpu_ns();
		samples += append(store, pods, second);
		append_ns += clock_process_cpu_ns() - cpu_ns;
		n += (size_t)SERVICES * pods;
		if (second % 60)
			continue;
		cpu_ns = thread_cpu_ns();
		tend(store, second);
		fold_ns += thread_cpu_ns() - cpu_ns;
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu profiles, %zu samples in %.1f s of time and %.1f s of CPU\n", n, samples,
		seconds_since(at_ns), (double)(clock_process_cpu_ns() - begin_cpu) / 1e9);
	printf("CPU of a profile: %.1f us until it is acknowledged, %.1f us to fold and roll up; "
	       "%.0f profiles/s of a core\n",
		(double)append_ns / 1e3 / (double)n, (double)fold_ns / 1e3 / (double)n,
		(double)n / ((double)(append_ns + fold_ns) / 1e9));
	printf("most memory: %ld MB, of which %ld MB are the bench's own profiles\n",
		usage.ru_maxrss / 1024, before.ru_maxrss / 1024);
	fflush(stdout);
	kill(getpid(), SIGKILL);
}

static double bytes_of(struct store *store, enum rocks_family family)
{
	struct depot *depot = (struct depot *)store;
	uint64_t bytes = 0;

	rocksdb_property_int_cf(depot->rocks.db, depot->rocks.families[family],
		"rocksdb.live-sst-files-size", &bytes);
	return (double)bytes;
}

static int add_part(void *owner, const struct store_part *part)
{
	size_t *sum = owner;

	*sum += part->n;
	return 0;
}

static void ask(struct store *store, const char *what, int64_t from_s, int64_t to_s, bool of_one)
{
	struct matcher matcher = { .name = VIEW("pod"), .value = VIEW("pod-3"), .op = MATCHER_IS };
	struct store_select select = { .type = { VIEW("process_cpu"), VIEW("samples"),
					       VIEW("count"), VIEW(""), VIEW("") },
		.matchers = &matcher,
		.n_matchers = of_one,
		.from_ns = START + from_s * SECOND,
		.to_ns = START + to_s * SECOND };
	size_t sum = 0;
	struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = add_part, .owner = &sum
	};
	double best = 1e9;

	for (int i = 0; i < 5; i++) {
		uint64_t at_ns = clock_monotonic_ns();
		double took;

		if (store_scan(store, &scan, NULL) < 0)
			exit(1);
		took = seconds_since(at_ns);
		best = took < best ? took : best;
	}
	printf("%s: %.1f ms\n", what, best * 1e3);
}

int main(int argc, char **argv)
{
	unsigned hours = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 2;
	unsigned pods = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 10;
	int64_t end_s = (int64_t)hours * 3600;
	struct store_figures figures = { 0 };
	struct store *store;
	uint64_t at_ns;
	pid_t pid;

	memory_max = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) << 20 : 0;
	snprintf(folder, sizeof(folder), "%s/flyover-bench-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!hours || !pods || pods > 1000 || !mkdtemp(folder))
		return 2;
	for (unsigned i = 0; i < STACKS; i++)
		zipf_sum[i + 1] = zipf_sum[i] + 1.0 / (i + 1);
	for (unsigned s = 0; s < SERVICES; s++)
		for (unsigned i = 0; i < VARIANTS; i++)
			profiles[s][i] = make(s);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fill(hours, pods);
	}
	waitpid(pid, NULL, 0);
	at_ns = clock_monotonic_ns();
	store = open_store();
	printf("opened after the kill in %.0f ms\n", seconds_since(at_ns) * 1e3);
	tend(store, end_s + 7200);
	store_close(store);
	at_ns = clock_monotonic_ns();
	store = open_store();
	printf("opened after a close in %.0f ms\n", seconds_since(at_ns) * 1e3);
	store_figures(store, &figures);
	printf("on disk: %.1f MB: %.1f of blocks and roll-ups, %.1f of dictionaries\n",
		(double)figures.bytes_on_disk / 1e6, bytes_of(store, ROCKS_SAMPLES) / 1e6,
		bytes_of(store, ROCKS_DICTIONARY) / 1e6);
	ask(store, "200 series, 1 h, by roll-ups", 0, 3600, false);
	ask(store, "200 series, 1 h, by blocks", 600, 4200, false);
	ask(store, "20 series, all of it", 0, end_s, true);
	store_close(store);
	folders_remove(folder, NULL);
	return 0;
}
