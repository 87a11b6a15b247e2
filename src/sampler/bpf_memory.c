/* bpf_memory: the memory of a BPF map, shared with the kernel. */
#include "sampler/bpf_memory.h"

void *bpf_memory_map(int fd, size_t bytes, int protection, size_t offset)
{
	void *at = mmap(NULL, bytes, protection, MAP_SHARED, fd, (off_t)offset);

	if (at == MAP_FAILED)
		return NULL;
	madvise(at, bytes, MADV_DONTFORK); /* where that is not to be had, a fork is slower */
	return at;
}
