/*
 * bench_pprof: decoding pprof into the model, with protobuf-c's unpacking beside it.
 *
 *     bench_pprof [FILE.pb.gz…]      without files: three synthetic profiles
 *
 * The two take turns on the same bytes; medians of CPU time and their ratio are printed. Freed
 * memory stays in the process, for both: it is decoding that is timed, not the first touch of
 * pages. The peer only fills structs; we also build the interned model and its shared tree of
 * stacks. The last column is how fast the same bytes can be read at all (their sum, one pass).
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/disk.h"
#include "codec/codec.h"
#include "codec/pprof_format.h"
#include "model/profile.h"
#include "profile.pb-c.h"
#include "synthetic.h"
#include "wire/gzip.h"

#define ROUNDS_MAX 41
#define SECONDS_A_CASE 4

typedef size_t work(struct view plain, struct view zipped);

static size_t ours(struct view plain, struct view zipped)
{
	PROFILE_AUTO p = profile_new();

	return pprof_decode(plain, p, NULL) == 0 ? p->n_samples : 0;
}

static size_t peer(struct view plain, struct view zipped)
{
	Peer__Profile *p = peer__profile__unpack(NULL, plain.len, (const uint8_t *)plain.at);
	size_t n = p ? p->n_sample : 0;

	peer__profile__free_unpacked(p, NULL);
	return n;
}

static size_t ours_zipped(struct view plain, struct view zipped)
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

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static work *const works[] = { ours, peer, ours_zipped, peer_zipped, just_read };
#define WORKS (sizeof(works) / sizeof(works[0]))

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
	printf("%-22s %9zu %7.0f %7.0f %5.1fx %7.0f %7.0f %5.1fx %8.0f\n", name, plain.len,
		speed[0], speed[1], speed[0] / speed[1], speed[2], speed[3], speed[2] / speed[3],
		speed[4]);
	return 0;
}

static int measure_profile(const char *name, const struct synthetic *options)
{
	struct profile *p = synthetic_profile(options);
	BUF_AUTO plain = { 0 };
	BUF_AUTO zipped = { 0 };
	int rc = 1;

	if (p && pprof_encode(p, &plain, NULL) == 0 &&
		gzip_deflate(buf_view(&plain), GZIP_FAST, &zipped, NULL) == 0)
		rc = measure(name, buf_view(&plain), buf_view(&zipped));
	if (rc == 0 && getenv("BENCH_KEEP")) {
		char path[256];

		snprintf(path, sizeof(path), "%s/%s.pb.gz", getenv("BENCH_KEEP"), name);
		disk_write(path, buf_view(&zipped), NULL);
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
	printf("MB/s of unzipped bytes %7s    ours  peer-c  ratio ours+gz peer+gz  ratio "
	       "just-read\n",
		"bytes");
	if (argc > 1)
		for (int i = 1; i < argc; i++)
			rc |= measure_file(argv[i]);
	else
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			rc |= measure_profile(cases[i].name, &cases[i].options);
	return rc;
}
