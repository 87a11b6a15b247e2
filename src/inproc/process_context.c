/* process_context: what profilers outside need to read our threads' contexts. */
#include "inproc/process_context.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "inproc/engine.h"
#include "inproc/label_keys.h"
#include "wire/proto.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#define SIZE 4096
#define VERSION 2
#define SCHEMA "tlsdesc_v1_dev" /* what readers look for until the OTEP's tls_v1 is in use */

struct header {
	char signature[8];
	uint32_t version, size;
	_Atomic uint64_t published_ns;
	const char *payload;
};

_Static_assert(sizeof(struct header) == 32, "as OTEP 4719 lays it out");

static struct {
	struct header *header;
	char *payload;
	bool pushes;
	pid_t pid; /* whose the header is: a child has none */
} published;
static pthread_mutex_t publishing = PTHREAD_MUTEX_INITIALIZER;

enum { RESOURCE = 1, RESOURCE_ATTRIBUTES = 1, ATTRIBUTES = 2, KEY = 1, VALUE = 2 };
enum { STRING_VALUE = 1, ARRAY_VALUE = 5, ARRAY_VALUES = 1 };

static void put_text(struct buf *out, uint32_t id, struct view text)
{
	size_t begun = proto_begin(out, id);

	buf_add_view(out, text);
	proto_end(out, begun);
}

static void put_attribute(struct buf *out, uint32_t id, struct view key, struct view value)
{
	size_t attribute = proto_begin(out, id), begun;

	put_text(out, KEY, key);
	begun = proto_begin(out, VALUE);
	put_text(out, STRING_VALUE, value);
	proto_end(out, begun);
	proto_end(out, attribute);
}

static void put_key_map(struct buf *out)
{
	size_t attribute = proto_begin(out, ATTRIBUTES), value, array, element;
	struct view name;

	put_text(out, KEY, VIEW("threadlocal.attribute_key_map"));
	value = proto_begin(out, VALUE);
	array = proto_begin(out, ARRAY_VALUE);
	for (unsigned key = 0; label_keys_name(key, &name); key++) {
		element = proto_begin(out, ARRAY_VALUES);
		put_text(out, STRING_VALUE, name);
		proto_end(out, element);
	}
	proto_end(out, array);
	proto_end(out, value);
	proto_end(out, attribute);
}

/* Our word for it, and OpenTelemetry's. */
static struct view resource_key(struct view key)
{
	return view_equal(key, VIEW("service_name")) ? VIEW("service.name") : key;
}

void process_context_payload(struct buf *out)
{
	size_t resource = proto_begin(out, RESOURCE);
	struct view key, value;

	for (size_t i = 0; label_keys_process(i, &key, &value); i++)
		put_attribute(out, RESOURCE_ATTRIBUTES, resource_key(key), value);
	proto_end(out, resource);
	put_attribute(out, ATTRIBUTES, VIEW("threadlocal.schema_version"), VIEW(SCHEMA));
	put_key_map(out);
	if (published.pushes)
		put_attribute(out, ATTRIBUTES, VIEW("flyover.pushes"), VIEW("cpu"));
}

static uint64_t boot_time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int make_header(struct err *err)
{
	void *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return err_errno(err, errno, "cannot map the process context");
	madvise(at, SIZE, MADV_DONTFORK);
	published.header = at;
	published.pid = getpid();
	published.header->version = VERSION;
	return 0;
}

/* Where the kernel has no names for memory, readers find it by its signature. */
static void name_mapping(void)
{
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, published.header, SIZE, "OTEL_CTX");
}

static void replace(char *payload, size_t size)
{
	struct header *header = published.header;

	atomic_store(&header->published_ns, 0);
	atomic_thread_fence(memory_order_seq_cst);
	header->payload = payload;
	header->size = (uint32_t)size;
	memcpy(header->signature, "OTEL_CTX", sizeof(header->signature));
	atomic_thread_fence(memory_order_seq_cst);
	atomic_store(&header->published_ns, boot_time_ns());
	free(published.payload);
	published.payload = payload;
	name_mapping(); /* anew each time: some readers wait for this call */
}

int process_context_publish(struct err *err)
{
	BUF_AUTO payload = { 0 };
	int rc = 0;

	engine_follow_forks();
	pthread_mutex_lock(&publishing);
	if (published.pid != getpid())
		published.header = NULL; /* a child made by bare clone */
	process_context_payload(&payload);
	if (payload.failed)
		rc = err_set(err, ERR_NOMEM, "out of memory for the process context");
	if (rc == 0 && !published.header)
		rc = make_header(err);
	if (rc == 0) {
		replace(payload.at, payload.len);
		payload = (struct buf){ 0 };
	}
	pthread_mutex_unlock(&publishing);
	return rc;
}

void process_context_set_pushes(bool pushes)
{
	pthread_mutex_lock(&publishing);
	published.pushes = pushes;
	pthread_mutex_unlock(&publishing);
	process_context_publish(NULL); /* without it, a sampler outside counts it too */
}

void process_context_after_fork(void)
{
	bool again = published.header && published.pid != getpid();

	pthread_mutex_init(&publishing, NULL);
	published.pushes = false;
	if (again)
		process_context_publish(NULL);
}
