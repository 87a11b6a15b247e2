/* perf_ring: the memory a perf event writes its records to. */
#include "sampler/perf_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RECORD_MAX 65536u

int perf_ring_event(const struct perf_event_attr *attr, int pid, int cpu, int group)
{
	int fd = (int)syscall(SYS_perf_event_open, attr, pid, cpu, group, PERF_FLAG_FD_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

int perf_ring_open(struct perf_ring *ring, int event_fd, size_t data_bytes, struct err *err)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *at = mmap(
		NULL, page_bytes + data_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, event_fd, 0);

	if (at == MAP_FAILED)
		return err_errno(err, errno, "cannot map a perf ring of %zu bytes", data_bytes);
	*ring = (struct perf_ring){ .page = at, .data_bytes = data_bytes };
	ring->joined = malloc(RECORD_MAX);
	if (!ring->joined) {
		perf_ring_close(ring);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	return 0;
}

void perf_ring_close(struct perf_ring *ring)
{
	if (ring->page)
		munmap(ring->page, (size_t)sysconf(_SC_PAGESIZE) + ring->data_bytes);
	free(ring->joined);
	*ring = (struct perf_ring){ 0 };
}

static const char *data_of(const struct perf_ring *ring)
{
	return (const char *)ring->page + ring->page->data_offset;
}

void perf_ring_begin(struct perf_ring *ring)
{
	ring->head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
	ring->tail = ring->page->data_tail;
}

const struct perf_event_header *perf_ring_next(struct perf_ring *ring)
{
	size_t at = ring->tail & (ring->data_bytes - 1), first = ring->data_bytes - at;
	const struct perf_event_header *header = (const void *)(data_of(ring) + at);
	size_t size;

	/* Records are multiples of 8 bytes, so a header is never split. */
	if (ring->head - ring->tail < sizeof(*header))
		return NULL;
	size = header->size;
	if (size < sizeof(*header) || size > ring->head - ring->tail) {
		ring->tail = ring->head;
		return NULL;
	}
	ring->tail += size;
	if (size <= first)
		return header;
	memcpy(ring->joined, header, first);
	memcpy(ring->joined + first, data_of(ring), size - first);
	return (const void *)ring->joined;
}

void perf_ring_end(struct perf_ring *ring)
{
	__atomic_store_n(&ring->page->data_tail, ring->tail, __ATOMIC_RELEASE);
}

double perf_ring_fill(const struct perf_ring *ring)
{
	uint64_t head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);

	return (double)(head - ring->page->data_tail) / (double)ring->data_bytes;
}
