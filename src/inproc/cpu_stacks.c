/* cpu_stacks: finds the stacks of threads whose samples came without anybody knowing them. */
#include "inproc/cpu_stacks.h"

#include <unistd.h>

#include "inproc/sig_cpu.h"
#include "inproc/stackbounds.h"
#include "proc/procfs.h"

#define TRIES 16

void cpu_stacks_find(struct sig_cpu_thread *threads, size_t n)
{
	BUF_AUTO maps = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct sig_cpu_thread *thread = &threads[i];
		struct stackbounds bounds;

		if (!thread->arming || thread->high || !atomic_load(&thread->needs_stack))
			continue;
		if (thread->tries++ > TRIES ||
			(maps.len == 0 && procfs_read_maps(getpid(), &maps, NULL) < 0))
			continue;
		if (stackbounds_find(buf_view(&maps), thread->sp, thread->self, &bounds)) {
			thread->low = bounds.low;
			atomic_store_explicit(&thread->high, bounds.high, memory_order_release);
		}
		atomic_store(&thread->needs_stack, 0);
	}
}
