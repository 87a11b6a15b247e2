/* quiet_walk: the stack of a thread that waits, without its help. */
#include "inproc/quiet_walk.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "inproc/thread_context.h"

#define FIRST_SLICE ((size_t)16 << 10)
#define LAST_SLICE ((size_t)512 << 10)

int quiet_walk_open(void)
{
	return open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
}

static enum unwind_result walk(int memory, const struct sig_tables *tables,
	const struct thread_look *look, uint64_t fp, struct sig_sample *ret)
{
	static char bytes[LAST_SLICE]; /* only the engine comes here */
	enum unwind_result result = UNWIND_MEMORY;

	for (size_t size = FIRST_SLICE; size <= LAST_SLICE; size *= 32) {
		uint64_t from = look->sp - UNWIND_RED_ZONE;
		ssize_t n = pread(memory, bytes, size, (off_t)from);
		struct stackwalk_slice slice = { bytes, from, n > 0 ? (size_t)n : 0 };
		struct stackwalk_frames frames = { ret->data, SIG_SAMPLE_FRAMES_MAX, 0 };
		struct unwind_walk w = { 0 };

		w.regs[UNWIND_RIP] = look->pc;
		w.regs[UNWIND_RSP] = look->sp;
		w.regs[UNWIND_RBP] = fp;
		stackwalk_start(&w, &tables->tables);
		result = stackwalk_run(&w, &tables->tables, &slice, &frames);
		ret->n_frames = (uint16_t)frames.count;
		if (result != UNWIND_SLICE || slice.len < size)
			break;
	}
	return result;
}

static void copy_context(int memory, pid_t tid, struct sig_sample *ret)
{
	uint64_t address = thread_context_of(tid);
	struct sig_context context;

	ret->has_context = 0;
	ret->attrs_size = 0;
	if (!address ||
		pread(memory, &context, sizeof(context), (off_t)address) !=
			(ssize_t)sizeof(context) ||
		context.valid != 1 || context.attrs_size > SIG_CONTEXT_ATTRS_MAX)
		return;
	ret->has_context = 1;
	ret->attrs_size = context.attrs_size;
	memcpy(ret->trace_id, context.trace_id, sizeof(context.trace_id));
	memcpy(ret->span_id, context.span_id, sizeof(context.span_id));
	memcpy(ret->data + ret->n_frames, context.attrs, context.attrs_size);
}

bool quiet_walk_run(
	int memory, pid_t tid, const struct thread_look *look, uint64_t fp, struct sig_sample *ret)
{
	const struct sig_tables *tables = sig_tables_enter();
	struct thread_look again;

	ret->result = UNWIND_MEMORY;
	ret->n_kernel = 0;
	if (tables && memory >= 0 && look->state == THREAD_LOOK_WAITING) {
		ret->result = (uint8_t)walk(memory, tables, look, fp, ret);
		ret->generation = tables->generation;
	}
	sig_tables_leave();
	if (ret->result != UNWIND_COMPLETE)
		return false;
	copy_context(memory, tid, ret);
	thread_look_at(tid, &again);
	return again.state == THREAD_LOOK_WAITING && again.sp == look->sp && again.pc == look->pc;
}
