/*
 * contexts: two threads that work for two traces, and say so as OpenTelemetry's thread and process
 * contexts do; by nothing but the two texts, so that it judges who reads them.
 *
 *     contexts SECONDS [lie]      of CPU time, each; with `lie` what it says is wrong in every way
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

void contexts_set(void *record); /* contexts_variable.c */

struct record {
	uint8_t trace_id[16], span_id[8], valid, flags;
	uint16_t size;
	uint8_t attributes[8];
};

static double seconds;

static const uint8_t payload[] =
	"\x0a\x18\x0a\x16\x0a\x0cservice.name\x12\x06\x0a\x04"
	"both"
	"\x12\x2e\x0a\x1athreadlocal.schema_version\x12\x10\x0a\x0etlsdesc_v1_dev"
	"\x12\x2b\x0a\x1dthreadlocal.attribute_key_map\x12\x0a\x2a\x08\x0a\x06\x0a\x04side";

static void publish(const void *at, uint32_t size)
{
	char *header = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t version = 2;
	uint64_t when = 1;

	madvise(header, 4096, MADV_DONTFORK);
	memcpy(header, "OTEL_CTX", 8);
	memcpy(header + 8, &version, 4);
	memcpy(header + 12, &size, 4);
	memcpy(header + 24, &at, 8);
	memcpy(header + 16, &when, 8);
}

static double used(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void burn(void)
{
	while (used() < seconds)
		for (volatile int i = 0; i < 100000; i++)
			;
}

static __attribute__((noinline)) void work_left(void)
{
	burn();
	__asm__("");
}

static __attribute__((noinline)) void work_right(void)
{
	burn();
	__asm__("");
}

static void *work(void *right)
{
	struct record record = { .valid = 1, .size = 8, .attributes = "\0\1x\0\3" };

	memset(record.trace_id, right ? 0xbb : 0xaa, 16);
	memset(record.span_id, right ? 0x22 : 0x11, 8);
	memcpy(record.attributes, right ? "\0\1x\0\3two" : "\0\1x\0\3one",
		8); /* the last one holds */
	contexts_set(&record);
	(right ? work_right : work_left)();
	contexts_set(NULL);
	return NULL;
}

/* Sizes past the end, a key that nobody named, text that is none, an address that is none. */
static void *work_lying(void *right)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(page, 0xff, 4096);
	page[4096 - 32 + 24] = 1; /* valid, and 65535 bytes long, of which there are 4 */
	contexts_set(right ? (void *)0xffff800000000010 : page + 4096 - 32);
	(right ? work_right : work_left)();
	return NULL;
}

int main(int argc, char **argv)
{
	int lies = argc > 2 && strcmp(argv[2], "lie") == 0;
	pthread_t threads[2];

	seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	if (lies)
		publish((const void *)0xdeadbeef000, UINT32_MAX);
	publish(payload, sizeof(payload) - 1);
	puts("ready");
	fflush(stdout);
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, lies ? work_lying : work, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
