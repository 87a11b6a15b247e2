/*
 * ring_model: a BPF ring buffer made of ordinary memory, filled as the kernel would.
 *
 * The kernel maps the data twice in a row; this one writes it twice.
 */
#ifndef RING_MODEL_H
#define RING_MODEL_H

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sampler/bpf_ring.h"

#define RING_BYTES 4096u
#define RING_BUSY (1u << 31)
#define RING_DISCARDED (1u << 30)

struct ring_model {
	int fd;
	char *all; /* consumer's page, producer's page, data, data */
	struct bpf_ring ring;
};

static inline void ring_model_open(struct ring_model *model)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 2 * page + 2 * RING_BYTES;

	model->fd = memfd_create("ring", MFD_CLOEXEC);
	assert_int_equal(ftruncate(model->fd, (off_t)size), 0);
	model->all = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, model->fd, 0);
	assert_ptr_not_equal(model->all, MAP_FAILED);
	assert_int_equal(bpf_ring_open(&model->ring, model->fd, RING_BYTES, NULL), 0);
}

static inline void ring_model_close(struct ring_model *model)
{
	bpf_ring_close(&model->ring);
	munmap(model->all, 2 * (size_t)sysconf(_SC_PAGESIZE) + 2 * RING_BYTES);
	close(model->fd);
}

static inline void ring_model_put(struct ring_model *model, const char *text, uint32_t flags)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = strlen(text);
	uint64_t *producer = (uint64_t *)(model->all + page);
	char record[RING_BYTES] = { 0 };
	uint32_t head = (uint32_t)len | flags;
	size_t size = (8 + len + 7) & ~(size_t)7;

	memcpy(record, &head, sizeof(head));
	memcpy(record + 8, text, len);
	for (size_t i = 0; i < size; i++) {
		char *at = model->all + 2 * page + (*producer + i) % RING_BYTES;

		at[0] = record[i];
		at[RING_BYTES] = record[i];
	}
	*producer += size;
}

#endif
