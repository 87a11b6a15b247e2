/* bpf_ring: a BPF ring buffer read up to a position noted before. */
#include "sampler/bpf_ring.h"

#include <errno.h>
#include <unistd.h>

#include "sampler/bpf_memory.h"

#define BUSY (1u << 31)
#define DISCARDED (1u << 30)
#define HEADER 8u

int bpf_ring_open(struct bpf_ring *ring, int map_fd, size_t bytes, struct err *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *producer;

	*ring = (struct bpf_ring){ .bytes = bytes };
	ring->consumer = bpf_memory_map(map_fd, page, PROT_READ | PROT_WRITE, 0);
	ring->producer = producer = bpf_memory_map(map_fd, page + 2 * bytes, PROT_READ, page);
	if (!ring->consumer || !ring->producer) {
		int saved = errno;

		bpf_ring_close(ring);
		return err_errno(err, saved, "cannot map the ring of samples");
	}
	ring->data = (const char *)producer + page;
	ring->at = ring->until = *ring->consumer;
	return 0;
}

void bpf_ring_close(struct bpf_ring *ring)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (ring->consumer)
		munmap(ring->consumer, page);
	if (ring->producer)
		munmap((void *)ring->producer, page + 2 * ring->bytes);
	*ring = (struct bpf_ring){ 0 };
}

size_t bpf_ring_begin(struct bpf_ring *ring)
{
	ring->until = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
	return ring->until - ring->at;
}

struct view bpf_ring_next(struct bpf_ring *ring)
{
	/* The room of the record given last is free again only now. */
	__atomic_store_n(ring->consumer, ring->at, __ATOMIC_RELEASE);
	while (ring->at < ring->until) {
		const char *at = ring->data + (ring->at & (ring->bytes - 1));
		uint32_t head = __atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE);
		uint32_t len = head & ~(BUSY | DISCARDED);

		if (head & BUSY)
			break; /* being written on another CPU: its turn comes next time */
		ring->at += (len + HEADER + 7) & ~(uint64_t)7;
		if (!(head & DISCARDED))
			return (struct view){ at + HEADER, len };
	}
	__atomic_store_n(ring->consumer, ring->at, __ATOMIC_RELEASE);
	return (struct view){ 0 };
}
