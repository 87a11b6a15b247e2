/* perf_side: sampling without BPF, by perf events of one's own processes. */
#include "sampler/perf_side.h"

#include <asm/perf_regs.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/vec.h"
#include "proc/procfs.h"
#include "sampler/perf_ring.h"

#define RING_BYTES ((size_t)512 << 10) /* with its page, what a user may lock on each CPU */
#define EVENTS_MAX 20000u              /* threads times CPUs */

/* The order of the bits is the order in the record. */
static const struct {
	unsigned bit, to;
} registers[] = {
	{ PERF_REG_X86_AX, UNWIND_RAX },
	{ PERF_REG_X86_BX, UNWIND_RBX },
	{ PERF_REG_X86_CX, UNWIND_RCX },
	{ PERF_REG_X86_DX, UNWIND_RDX },
	{ PERF_REG_X86_SI, UNWIND_RSI },
	{ PERF_REG_X86_DI, UNWIND_RDI },
	{ PERF_REG_X86_BP, UNWIND_RBP },
	{ PERF_REG_X86_SP, UNWIND_RSP },
	{ PERF_REG_X86_IP, UNWIND_RIP },
	{ PERF_REG_X86_R8, UNWIND_R8 },
	{ PERF_REG_X86_R9, UNWIND_R9 },
	{ PERF_REG_X86_R10, UNWIND_R10 },
	{ PERF_REG_X86_R11, UNWIND_R11 },
	{ PERF_REG_X86_R12, UNWIND_R12 },
	{ PERF_REG_X86_R13, UNWIND_R13 },
	{ PERF_REG_X86_R14, UNWIND_R14 },
	{ PERF_REG_X86_R15, UNWIND_R15 },
};
#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

static struct perf_event_attr attributes(const struct perf_side_options *options, bool with_kernel)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = options->period_ns,
		.sample_type =
			PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_stack_user = PERF_SIDE_SLICE_BYTES,
		.exclude_callchain_user = 1,
		.exclude_kernel = !with_kernel,
		.exclude_callchain_kernel = !with_kernel,
		.exclude_hv = 1,
		.exclude_idle = 1,
		.disabled = 1,
		.inherit = options->n_pids > 0,
		.watermark = 1,
		.wakeup_watermark = RING_BYTES / 4,
	};

	for (size_t i = 0; i < REGISTERS; i++)
		attr.sample_regs_user |= 1ull << registers[i].bit;
	follow_attributes(&attr);
	return attr;
}

static int refused(int error, pid_t pid, struct err *err)
{
	long paranoid = 2;

	procfs_number("/proc/sys/kernel/perf_event_paranoid", &paranoid, NULL);
	if (error == ESRCH)
		return err_set(err, ERR_NOT_FOUND, "there is no process %d", (int)pid);
	if ((error == EACCES || error == EPERM) && paranoid > 2)
		return err_set(err, ERR_DENIED,
			"sampling is not permitted: it needs CAP_PERFMON, or sysctl "
			"kernel.perf_event_paranoid=2 (it is %ld) for your own processes",
			paranoid);
	if ((error == EACCES || error == EPERM) && pid < 0)
		return err_set(err, ERR_DENIED,
			"sampling the whole host is not permitted: it needs CAP_PERFMON, or sysctl "
			"kernel.perf_event_paranoid=0 (it is %ld)",
			paranoid);
	if (error == EACCES || error == EPERM)
		return err_set(err, ERR_DENIED,
			"process %d is not yours to sample: that needs CAP_PERFMON and "
			"CAP_SYS_PTRACE",
			(int)pid);
	if (error == EMFILE || error == ENFILE)
		return err_set(err, ERR_LIMIT,
			"too many threads and CPUs for the limit of open files (ulimit -n)");
	return err_errno(err, error, "cannot sample process %d", (int)pid);
}

/* The first event on a CPU owns the ring; the others write into it. */
static int add_event(
	struct perf_side *side, struct follow *follow, int fd, int *ring_fd, struct err *err)
{
	int *slot;

	if (*ring_fd < 0) {
		int rc = follow_add_ring(follow, fd, RING_BYTES, err);

		if (rc == 0)
			*ring_fd = fd;
		return rc;
	}
	slot = VEC_ADD(side->fds, side->n_fds, side->cap_fds);
	if (!slot || ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, *ring_fd)) {
		int saved = errno;

		side->n_fds -= slot != NULL;
		close(fd);
		return slot ? err_errno(err, saved, "cannot share a perf ring")
			    : err_set(err, ERR_NOMEM, "out of memory");
	}
	*slot = fd;
	return 0;
}

/* While events are opened. */
struct opening {
	struct perf_side *side;
	struct follow *follow;
	const struct perf_side_options *options;
	int *ring_fds; /* one a CPU; -1 = none yet */
};

static int open_on_cpus(const struct opening *o, pid_t tid, struct err *err)
{
	const struct perf_side_options *options = o->options;
	struct perf_side *side = o->side;

	for (size_t i = 0; i < options->n_cpus; i++) {
		struct perf_event_attr attr = attributes(options, side->with_kernel);
		int fd = perf_ring_event(&attr, tid, (int)options->cpus[i], -1), rc;

		if ((fd == -EACCES || fd == -EPERM) && side->with_kernel) {
			side->with_kernel = false;
			attr = attributes(options, false);
			fd = perf_ring_event(&attr, tid, (int)options->cpus[i], -1);
		}
		if (fd == -ENODEV)
			continue;
		if (fd < 0)
			return refused(-fd, tid, err);
		rc = add_event(side, o->follow, fd, &o->ring_fds[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int open_threads(const struct opening *o, pid_t pid, struct err *err)
{
	pid_t *tids;
	size_t n;
	int rc = procfs_threads(pid, &tids, &n, err);

	if (rc < 0)
		return rc;
	if (n * o->options->n_cpus > EVENTS_MAX)
		rc = err_set(err, ERR_LIMIT,
			"process %d has %zu threads on %zu CPUs; without BPF the limit is %u "
			"events",
			(int)pid, n, o->options->n_cpus, EVENTS_MAX);
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = open_on_cpus(o, tids[i], err);
		if (rc == ERR_NOT_FOUND && n > 1)
			rc = 0; /* a thread has just ended */
	}
	free(tids);
	return rc;
}

int perf_side_open(struct perf_side *side, struct follow *follow,
	const struct perf_side_options *options, struct err *err)
{
	int *ring_fds = malloc(options->n_cpus * sizeof(*ring_fds));
	struct opening opening = { side, follow, options, ring_fds };
	int rc = 0;

	*side = (struct perf_side){ .with_kernel = !options->no_kernel };
	if (!ring_fds)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < options->n_cpus; i++)
		ring_fds[i] = -1;
	if (options->n_pids == 0)
		rc = open_on_cpus(&opening, -1, err);
	for (size_t i = 0; i < options->n_pids && rc == 0; i++)
		rc = open_threads(&opening, options->pids[i], err);
	free(ring_fds);
	return rc;
}

int perf_side_start(struct perf_side *side, const struct follow *follow, struct err *err)
{
	for (size_t i = 0; i < follow->n_rings; i++)
		if (ioctl(follow->fds[i], PERF_EVENT_IOC_ENABLE, 0))
			return err_errno(err, errno, "cannot start sampling");
	for (size_t i = 0; i < side->n_fds; i++)
		if (ioctl(side->fds[i], PERF_EVENT_IOC_ENABLE, 0))
			return err_errno(err, errno, "cannot start sampling");
	return 0;
}

void perf_side_close(struct perf_side *side)
{
	for (size_t i = 0; i < side->n_fds; i++)
		close(side->fds[i]);
	free(side->fds);
	free(side->names);
	map_fini(&side->name_of);
	*side = (struct perf_side){ 0 };
}

/* The name of a thread, asked once. */
static void thread_name(struct perf_side *side, pid_t pid, pid_t tid, char *into)
{
	bool is_new;
	uint64_t *slot = map_add(&side->name_of, (uint64_t)tid, &is_new);
	BUF_AUTO text = { 0 };
	struct perf_side_name *name;
	char path[64];

	if (slot && !is_new) {
		memcpy(into, side->names[*slot].text, SAMPLE_COMM_MAX);
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", (int)pid, (int)tid);
	if (disk_read(path, 4096, &text, NULL) == 0 && text.len) {
		size_t len = text.len - (text.at[text.len - 1] == '\n');

		memcpy(into, text.at, len < SAMPLE_COMM_MAX ? len : SAMPLE_COMM_MAX - 1);
	}
	name = slot ? VEC_ADD(side->names, side->n_names, side->cap_names) : NULL;
	if (name) {
		memcpy(name->text, into, SAMPLE_COMM_MAX);
		*slot = side->n_names - 1;
	} else if (slot) {
		map_remove(&side->name_of, (uint64_t)tid);
	}
}

/* Takes `n` numbers off the front of the record. */
static bool take(struct view *rest, uint64_t *into, size_t n)
{
	if (rest->len < n * sizeof(*into))
		return false;
	if (n)
		memcpy(into, rest->at, n * sizeof(*into));
	rest->at += n * sizeof(*into);
	rest->len -= n * sizeof(*into);
	return true;
}

static bool take_callchain(struct perf_side *side, struct view *rest, struct sample_record *ret)
{
	uint64_t n, address;

	if (!take(rest, &n, 1) || n > rest->len / sizeof(address))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!take(rest, &address, 1))
			return false;
		/* The markers say which kind of addresses follow; there is one kind only. */
		if (address < (uint64_t)PERF_CONTEXT_MAX && address >> 63 &&
			ret->n_kernel < SAMPLE_KERNEL_FRAMES_MAX)
			side->kernel[ret->n_kernel++] = address;
	}
	return true;
}

static bool take_registers(struct view *rest, struct sample_record *ret)
{
	uint64_t abi, values[REGISTERS];

	if (!take(rest, &abi, 1))
		return false;
	if (abi == PERF_SAMPLE_REGS_ABI_NONE) {
		ret->end = SAMPLE_NO_USER;
		return true;
	}
	if (abi == PERF_SAMPLE_REGS_ABI_32)
		ret->end = SAMPLE_32_BIT;
	if (!take(rest, values, REGISTERS))
		return false;
	for (size_t i = 0; i < REGISTERS; i++)
		ret->regs[registers[i].to] = values[i];
	return true;
}

static bool take_slice(struct view *rest, struct sample_record *ret, const char **ret_slice)
{
	uint64_t size, dynamic;

	if (!take(rest, &size, 1))
		return false;
	if (size == 0)
		return true;
	if (size > rest->len)
		return false;
	*ret_slice = rest->at;
	rest->at += size;
	rest->len -= size;
	if (!take(rest, &dynamic, 1) || dynamic > size)
		return false;
	ret->slice_bytes = (uint32_t)dynamic;
	ret->slice_at = ret->regs[UNWIND_RSP];
	return true;
}

bool perf_side_decode(struct perf_side *side, const struct follow_event *event,
	struct sample_record *ret, const uint64_t **ret_kernel, const char **ret_slice)
{
	struct view rest = { event->data, event->len };
	uint64_t head[2]; /* pid and tid, time */

	*ret = (struct sample_record){ .time_ns = event->time_ns,
		.pid = event->pid,
		.tid = event->tid,
		.end = SAMPLE_NO_PROCESS,
		.exact = 1 };
	*ret_kernel = side->kernel;
	*ret_slice = NULL;
	if (!take(&rest, head, 2) || !take_callchain(side, &rest, ret) ||
		!take_registers(&rest, ret) || !take_slice(&rest, ret, ret_slice))
		return false;
	ret->pc = ret->regs[UNWIND_RIP];
	ret->sp = ret->regs[UNWIND_RSP];
	ret->fp = ret->regs[UNWIND_RBP];
	thread_name(side, (pid_t)event->pid, (pid_t)event->tid, ret->comm);
	thread_name(side, (pid_t)event->pid, (pid_t)event->pid, ret->process);
	return true;
}
