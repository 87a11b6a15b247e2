/*
 * bench_pprof: decoding pprof, with protobuf-c's unpacking beside it.
 *
 *     bench_pprof [FILE.pb.gz…]      without files: four synthetic profiles
 *     BENCH_KEEP=FOLDER bench_pprof      writes those into files, and measures nothing
 *
 *   scan       bytes to columns and the shared tree of stacks, all rules checked
 *   decode     scan, then load: the interned model
 *   +gz        decode, or the peer's unpacking, from the zipped bytes
 *   read       the same bytes just read (their sum), varints: read as one run of numbers by the
 * plain reader; the physical limits of memory and of such a loop
 *
 * All take turns on the same bytes; medians of CPU time and ratios to the peer are printed. Freed
 * memory stays in the process, for both: it is decoding that is timed, not the first touch of
 * pages. Memory is what is live when each is done, the input not counted.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/disk.h"
#include "codec/codec.h"
#include "codec/pprof_scan.h"
#include "model/profile.h"
#include "profile.pb-c.h"
#include "synthetic.h"
#include "wire/gzip.h"
#include "wire/proto.h"

#define ROUNDS_MAX 41
#define SECONDS_A_CASE 4

/* Asks a work to tell what is live just before it frees. */
static struct {
	bool wanted;
	size_t bytes;
} kept;

static size_t live_bytes(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void weigh(void)
{
	if (kept.wanted)
		kept.bytes = live_bytes();
}

typedef size_t work(struct view plain, struct view zipped);

static size_t decode(struct view plain, struct view zipped)
{
	PROFILE_AUTO p = profile_new();
	int rc = pprof_decode(plain, p, NULL);

	weigh();
	return rc == 0 ? p->n_samples : 0;
}

static size_t just_scan(struct view plain, struct view zipped)
{
	struct pprof_columns columns;
	int rc = pprof_scan(plain, &columns, NULL);
	size_t n = columns.n_samples;

	weigh();
	pprof_scan_fini(&columns);
	return rc == 0 ? n : 0;
}

static size_t peer(struct view plain, struct view zipped)
{
	Peer__Profile *p = peer__profile__unpack(NULL, plain.len, (const uint8_t *)plain.at);
	size_t n = p ? p->n_sample : 0;

	weigh();
	peer__profile__free_unpacked(p, NULL);
	return n;
}

static size_t decode_zipped(struct view plain, struct view zipped)
{
	PROFILE_AUTO p = NULL;

	return codec_decode(zipped, &p, NULL) == 0 ? p->n_samples : 0;
}

static size_t peer_zipped(struct view plain, struct view zipped)
{
	BUF_AUTO out = { 0 };

	if (gzip_inflate(zipped, &(struct gzip_limits){ .bytes_max = 1 << 30 }, &out, NULL) < 0)
		return 0;
	return peer(buf_view(&out), zipped);
}

static size_t just_read(struct view plain, struct view zipped)
{
	uint64_t sum = 0, word;

	for (size_t i = 0; i + 8 <= plain.len; i += 8) {
		memcpy(&word, plain.at + i, 8);
		sum += word;
	}
	return sum | 1;
}

/* As if all of the file were packed numbers: each is read, none is kept. */
static size_t just_varints(struct view plain, struct view zipped)
{
	struct proto in = proto_of(plain);
	uint64_t sum = 1, number;

	while (in.at < in.end && proto_varint(&in, &number))
		sum += number;
	return sum | 1;
}

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

enum { SCAN, DECODE, PEER, DECODE_ZIPPED, PEER_ZIPPED, READ, VARINTS, WORKS };

static work *const works[WORKS] = { just_scan, decode, peer, decode_zipped, peer_zipped, just_read,
	just_varints };

/* What a work holds when it is done, in bytes of it to a byte of the message. */
static double held(work *finished, struct view plain)
{
	size_t before = live_bytes();

	kept.wanted = true;
	finished(plain, plain);
	kept.wanted = false;
	return (double)(kept.bytes - before) / (double)plain.len;
}

static void print(const char *name, size_t bytes, const double *speed)
{
	double peer_speed = speed[PEER], peer_zipped_speed = speed[PEER_ZIPPED];

	printf("%-20s %9zu %6.0f %6.0f %5.1fx %6.0f %5.1fx %7.0f %6.0f %5.1fx %6.0f %6.0f\n", name,
		bytes, peer_speed, speed[SCAN], speed[SCAN] / peer_speed, speed[DECODE],
		speed[DECODE] / peer_speed, peer_zipped_speed, speed[DECODE_ZIPPED],
		speed[DECODE_ZIPPED] / peer_zipped_speed, speed[READ], speed[VARINTS]);
}

static int measure(const char *name, struct view plain, struct view zipped)
{
	double times[WORKS][ROUNDS_MAX], speed[WORKS];
	uint64_t begun = clock_monotonic_ns();
	size_t rounds = 0;

	for (; rounds < ROUNDS_MAX &&
		(rounds < 5 || clock_monotonic_ns() - begun < SECONDS_A_CASE * 1000000000ULL);
		rounds++)
		for (size_t w = 0; w < WORKS; w++) {
			uint64_t start = clock_process_cpu_ns();

			if (!works[w](plain, zipped)) {
				fprintf(stderr, "%s: cannot be decoded\n", name);
				return 1;
			}
			times[w][rounds] = (double)(clock_process_cpu_ns() - start);
		}
	for (size_t w = 0; w < WORKS; w++) {
		qsort(times[w], rounds, sizeof(double), by_size);
		speed[w] = (double)plain.len / times[w][rounds / 2] * 1000;
	}
	print(name, plain.len, speed);
	printf("%-20s memory held, bytes a byte: peer %.1f, scan %.1f, model %.1f\n", "",
		held(peer, plain), held(just_scan, plain), held(decode, plain));
	return 0;
}

static int measure_profile(const char *name, const struct synthetic *options)
{
	struct profile *p = synthetic_profile(options);
	BUF_AUTO plain = { 0 };
	BUF_AUTO zipped = { 0 };
	const char *folder = getenv("BENCH_KEEP");
	int rc = 1;

	if (p && pprof_encode(p, &plain, NULL) == 0 &&
		gzip_deflate(buf_view(&plain), GZIP_FAST, &zipped, NULL) == 0)
		rc = 0;
	if (rc == 0 && folder) {
		char path[256];

		snprintf(path, sizeof(path), "%s/%s.pb.gz", folder, name);
		rc = disk_write(path, buf_view(&zipped), NULL) < 0;
	} else if (rc == 0) {
		rc = measure(name, buf_view(&plain), buf_view(&zipped));
	}
	profile_free(p);
	return rc;
}

static int measure_file(const char *path)
{
	struct err err = { 0 };
	BUF_AUTO zipped = { 0 };
	BUF_AUTO plain = { 0 };

	if (disk_read(path, 1 << 30, &zipped, &err) < 0 ||
		gzip_inflate(buf_view(&zipped), &(struct gzip_limits){ .bytes_max = 1 << 30 },
			&plain, &err) < 0) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		return 1;
	}
	return measure(path, buf_view(&plain), buf_view(&zipped));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct synthetic options;
	} cases[] = {
		{ "small", { 300, 400, 20, 40, 0 } },
		{ "medium", { 10000, 4000, 25, 50, 10 } },
		{ "medium-unlabelled", { 10000, 4000, 25, 50, 0 } },
		{ "large", { 500000, 20000, 30, 60, 20 } },
	};
	int rc = 0;

	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	if (!getenv("BENCH_KEEP"))
		printf("MB/s of unzipped bytes   bytes peer-c   scan  ratio decode  ratio peer+gz  "
		       "  +gz  "
		       "ratio   read varints\n");
	if (argc > 1)
		for (int i = 1; i < argc; i++)
			rc |= measure_file(argv[i]);
	else
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			rc |= measure_profile(cases[i].name, &cases[i].options);
	return rc;
}
