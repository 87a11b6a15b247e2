/*
 * bench_ingest: profiles over HTTP into a store, each acknowledged: how many, how fast, at what
 * cost.
 *
 *   bench_ingest [SECONDS [CONNECTIONS [FILE]]]     FILE is a pprof profile; else one is made up
 *
 * The store is on disk, in a new folder of $TMPDIR, and each profile is synced; with STORE=memory
 * it is not.
 *
 * The server is a process of its own, whose CPU time is what counts: profiles a second of it, and
 * unpacked bytes. Beside it the same steps one after another in one thread, without HTTP.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/disk.h"
#include "codec/codec.h"
#include "codec/pprof_format.h"
#include "ingest/intake.h"
#include "ingest/unpack.h"
#include "model/profile.h"
#include "net/address.h"
#include "server/serving.h"
#include "store/folders.h"
#include "store/store_mem.h"
#include "store/store_rocksdb.h"
#include "synthetic.h"
#include "wire/gzip.h"

#define VARIANTS 16
#define LATENCIES_MAX (1u << 20)

static struct buf zipped[VARIANTS];
static size_t plain_bytes;

static void make_profiles(void)
{
	for (int i = 0; i < VARIANTS; i++) {
		struct synthetic how = { .samples = (size_t)330 + (size_t)i,
			.functions = 1800,
			.depth_min = 12,
			.depth_max = 60 };
		struct profile *profile = synthetic_profile(&how);
		struct buf plain = { 0 };

		profile->period_type.type = profile_string(profile, VIEW("cpu"));
		profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
		if (!profile || pprof_encode(profile, &plain, NULL) < 0 ||
			gzip_deflate(buf_view(&plain), GZIP_FAST, &zipped[i], NULL) < 0)
			exit(1);
		if (i == 0)
			printf("a profile: %zu stacks, %zu bytes, %zu zipped\n", profile->n_samples,
				plain.len, zipped[i].len);
		plain_bytes = plain.len;
		buf_fini(&plain);
		profile_free(profile);
	}
}

static char folder[256];

static int open_store(struct store **ret)
{
	const char *where = getenv("STORE"), *temporary = getenv("TMPDIR");
	struct err err = { 0 };
	int rc;

	if (where && strcmp(where, "memory") == 0)
		return store_mem_open(ret, NULL);
	snprintf(folder, sizeof(folder), "%s/flyover-bench-XXXXXX", temporary ? temporary : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	rc = store_rocksdb_open(&(struct store_rocksdb_options){ .path = folder }, ret, &err);
	if (rc < 0)
		fprintf(stderr, "bench_ingest: %s\n", err.text);
	return rc;
}

static void close_store(struct store *store)
{
	store_close(store);
	if (folder[0])
		folders_remove(folder, NULL);
}

static void limits_of_bench(struct limits *limits)
{
	limits_defaults(limits);
	limits_set(limits, "rate_bytes=1099511627776", NULL);
	limits_set(limits, "burst_bytes=1099511627776", NULL);
}

/* Somebody's own, as it is. */
static void read_profile(const char *path)
{
	struct gzip_limits any = { (size_t)1 << 30, 0 };
	struct buf plain = { 0 };
	struct profile *profile;

	for (int i = 0; i < VARIANTS; i++)
		if (disk_read(path, (size_t)1 << 30, &zipped[i], NULL) < 0)
			exit(1);
	if (gzip_inflate(buf_view(&zipped[0]), &any, &plain, NULL) < 0 ||
		codec_decode(buf_view(&plain), &profile, NULL) < 0)
		exit(1);
	plain_bytes = plain.len;
	printf("a profile: %zu stacks, %zu bytes, %zu zipped\n", profile->n_samples, plain.len,
		zipped[0].len);
	profile_free(profile);
	buf_fini(&plain);
}

/* ---- one thread, no HTTP ----------------------------------------------------------------------
 */

static void done(void *owner, int code, const struct err *err)
{
	(void)err;
	*(unsigned *)owner += code == 0;
}

static void step_by_step(unsigned n)
{
	struct limits limits;
	struct store *store;
	struct intake *intake;
	uint64_t unzip_ns = 0, decode_ns = 0, take_ns = 0, at_ns;
	unsigned kept = 0;

	limits_of_bench(&limits);
	if (open_store(&store) < 0 || !(intake = intake_new(store, &limits)))
		exit(1);
	for (unsigned i = 0; i < n; i++) {
		struct gzip_limits any = { (size_t)1 << 30, 0 };
		struct store_receipt receipt = { done, &kept };
		struct intake_batch batch = { 0 };
		struct refusal refusal = { 0 };
		struct unpacked unpacked;
		struct intake_profile *item;
		struct buf plain = { 0 };
		struct unpack_packed packed = { .format = VIEW("pprof") };

		at_ns = clock_process_cpu_ns();
		if (gzip_inflate(buf_view(&zipped[i % VARIANTS]), &any, &plain, NULL) < 0)
			exit(1);
		unzip_ns += clock_process_cpu_ns() - at_ns;
		at_ns = clock_process_cpu_ns();
		packed.bytes = buf_view(&plain);
		if (unpack_profile(&packed, &limits, &unpacked, &refusal) < 0)
			exit(1);
		decode_ns += clock_process_cpu_ns() - at_ns;
		at_ns = clock_process_cpu_ns();
		item = intake_batch_add(&batch, unpacked.profile);
		labelset_set(&item->labels, VIEW("service_name"), VIEW("bench"));
		item->name = VIEW("process_cpu");
		item->id.low = i;
		item->profile->time_ns = (int64_t)clock_realtime_ns();
		if (intake_take(intake, VIEW(""), &batch, &receipt, &refusal) < 0)
			exit(1);
		take_ns += clock_process_cpu_ns() - at_ns;
		at_ns = clock_process_cpu_ns();
		intake_batch_fini(&batch);
		buf_fini(&plain);
		decode_ns += clock_process_cpu_ns() - at_ns;
	}
	printf("one thread: unzip %.0f us, decode %.0f us, take and store %.0f us: %.0f "
	       "profiles/s, "
	       "%.0f MB/s\n",
		(double)unzip_ns / 1e3 / n, (double)decode_ns / 1e3 / n, (double)take_ns / 1e3 / n,
		n / ((double)(unzip_ns + decode_ns + take_ns) / 1e9),
		(double)plain_bytes * n / 1e6 / ((double)(unzip_ns + decode_ns + take_ns) / 1e9));
	intake_free(intake);
	close_store(store);
}

/* In a process of its own: RocksDB's threads don't live on in a child, and over_http makes one. */
static void apart(unsigned n)
{
	pid_t pid = fork();

	if (pid == 0) {
		step_by_step(n);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* ---- over HTTP --------------------------------------------------------------------------------
 */

static void serve(int port_pipe, int end_pipe)
{
	struct address address = { .host = "127.0.0.1" };
	struct serving_options options = { .version = "bench", .drain_ms = 100 };
	struct serving *serving;
	uint16_t port;
	bool taken;
	char byte;

	limits_of_bench(&options.limits);
	if (open_store(&options.store) < 0)
		_exit(1);
	options.fd = address_listen(&address, &port, &taken, NULL);
	options.guard = (struct guard){ .any_host = true };
	if (options.fd < 0 || serving_start(&options, &serving, NULL) < 0)
		_exit(1);
	if (write(port_pipe, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	while (read(end_pipe, &byte, 1) > 0)
		continue;
	serving_stop(serving);
	close_store(options.store);
	_exit(0);
}

struct load {
	uint16_t port;
	uint64_t end_ns;
	unsigned number, sent, refused;
	uint32_t *latencies_us;
};

static bool exchange(int fd, const char *request, size_t len, char *reply, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (len && (n = send(fd, request, len, MSG_NOSIGNAL)) > 0)
		request += n, len -= (size_t)n;
	while (got < size - 1 && (n = recv(fd, reply + got, size - 1 - got, 0)) > 0) {
		got += (size_t)n;
		reply[got] = '\0';
		if (strstr(reply, "\r\n\r\n{}\n"))
			return true;
		if (strstr(reply, "\r\n\r\n{\""))
			return false;
	}
	return false;
}

static void *push(void *owner)
{
	struct load *load = owner;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(load->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct buf request = { 0 };
	char reply[4096];

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		exit(1);
	while (clock_monotonic_ns() < load->end_ns) {
		const struct buf *body = &zipped[(load->sent + load->number) % VARIANTS];
		uint64_t at_ns;

		buf_clear(&request);
		buf_add_format(&request,
			"POST /api/v1/profiles?service=bench&label=pod%%3D%u&from=%llu "
			"HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n",
			load->number, (unsigned long long)clock_realtime_ns(), body->len);
		buf_add_view(&request, buf_view(body));
		at_ns = clock_monotonic_ns();
		if (!exchange(fd, request.at, request.len, reply, sizeof(reply)))
			load->refused++;
		else if (load->sent < LATENCIES_MAX)
			load->latencies_us[load->sent++] =
				(uint32_t)((clock_monotonic_ns() - at_ns) / 1000);
	}
	close(fd);
	buf_fini(&request);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void report(struct load *loads, unsigned n, double seconds, double cpu_seconds)
{
	uint32_t *all = malloc(sizeof(*all) * LATENCIES_MAX);
	size_t sent = 0;
	unsigned refused = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 0; k < loads[i].sent && sent < LATENCIES_MAX; k++)
			all[sent++] = loads[i].latencies_us[k];
		refused += loads[i].refused;
	}
	if (!sent)
		exit(1);
	qsort(all, sent, sizeof(*all), by_size);
	printf("%3u connections: %.0f profiles/s; %.0f profiles/s and %.0f MB/s (unpacked) a core "
	       "of the server; ack p50 %.1f ms, p99 %.1f ms; %u refused\n",
		n, (double)sent / seconds, (double)sent / cpu_seconds,
		(double)sent * (double)plain_bytes / 1e6 / cpu_seconds, all[sent / 2] / 1e3,
		all[sent * 99 / 100] / 1e3, refused);
	free(all);
}

static void over_http(unsigned connections, double seconds)
{
	int ports[2], ends[2];
	pthread_t threads[64];
	struct load loads[64] = { 0 };
	struct rusage before, after;
	uint16_t port;
	pid_t pid;

	if (pipe(ports) < 0 || pipe(ends) < 0)
		exit(1);
	fflush(stdout);
	getrusage(RUSAGE_CHILDREN, &before);
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		serve(ports[1], ends[0]);
	}
	if (read(ports[0], &port, sizeof(port)) != sizeof(port))
		exit(1);
	for (unsigned i = 0; i < connections; i++) {
		loads[i] = (struct load){ .port = port,
			.number = i,
			.end_ns = clock_monotonic_ns() + (uint64_t)(seconds * 1e9),
			.latencies_us = malloc(sizeof(uint32_t) * LATENCIES_MAX) };
		pthread_create(&threads[i], NULL, push, &loads[i]);
	}
	for (unsigned i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	close(ends[1]);
	waitpid(pid, NULL, 0);
	getrusage(RUSAGE_CHILDREN, &after);
	report(loads, connections, seconds,
		(double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
			(double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
			(double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6 +
			(double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6);
	for (unsigned i = 0; i < connections; i++)
		free(loads[i].latencies_us);
	close(ports[0]), close(ports[1]), close(ends[0]);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;
	unsigned connections = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	serving_keep_memory(0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 3)
		read_profile(argv[3]);
	else
		make_profiles();
	for (int i = 0; i < 3; i++)
		apart(2000);
	if (connections > 0 && connections <= 64)
		over_http(connections, seconds);
	for (unsigned n = 1; !connections && n <= 64; n *= 4)
		over_http(n, seconds);
	return 0;
}
