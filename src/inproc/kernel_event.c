/* kernel_event: a perf event that tells where one thread of this process is in the kernel. */
#include "inproc/kernel_event.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/disk.h"
#include "inproc/sig_chain.h"
#include "proc/procfs.h"

#define SIZE ((size_t)SIG_CHAIN_PAGE + SIG_CHAIN_DATA)
#define STATUS_MAX ((size_t)64 << 10)
#define FILTER_KEY "\nSeccomp:"
#define NEVER_NS (UINT64_C(3600) * 1000000000)

static int open_event(pid_t tid, uint64_t period_ns)
{
	struct perf_event_attr attr = { .size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.sample_period = period_ns,
		.sample_type = PERF_SAMPLE_READ | PERF_SAMPLE_CALLCHAIN,
		.sample_max_stack = SIG_CHAIN_FRAMES_MAX,
		.exclude_callchain_user = 1,
		.wakeup_events = 1,
		.disabled = 1 };
	long fd = syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 && errno == EOVERFLOW) { /* kernel.perf_event_max_stack is less */
		attr.sample_max_stack = 0;
		fd = syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	}
	return (int)fd;
}

static int signal_thread(int fd, pid_t tid)
{
	struct f_owner_ex owner = { .type = F_OWNER_TID, .pid = tid };

	if (fcntl(fd, F_SETSIG, KERNEL_EVENT_SIGNAL) < 0 || fcntl(fd, F_SETOWN_EX, &owner) < 0 ||
		fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
		return -1;
	return ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
}

/* Of the calling thread, which makes all system calls of this file. */
static bool has_filter(void)
{
	BUF_AUTO status = { 0 };
	const char *found;

	if (disk_read("/proc/thread-self/status", STATUS_MAX, &status, NULL) < 0)
		return false;
	buf_add_char(&status, '\0');
	found = status.failed ? NULL : strstr(status.at, FILTER_KEY);
	return found && strtoul(found + strlen(FILTER_KEY), NULL, 10) != 0;
}

void *kernel_event_open(pid_t tid, uint64_t period_ns)
{
	int fd, error;
	void *mapped;

	if (has_filter()) {
		errno = ECANCELED;
		return NULL;
	}
	fd = open_event(tid, period_ns);
	if (fd < 0)
		return NULL;
	mapped = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED && signal_thread(fd, tid) < 0) {
		error = errno;
		munmap(mapped, SIZE);
		errno = error;
		mapped = MAP_FAILED;
	}
	error = errno;
	close(fd);
	errno = error;
	return mapped == MAP_FAILED ? NULL : mapped;
}

void kernel_event_close(void *mapped)
{
	if (mapped)
		munmap(mapped, SIZE);
}

static int say_why(int error, struct err *err)
{
	long paranoid = 0;

	if (error == ECANCELED)
		return err_set(err, ERR_DENIED,
			"this program has a seccomp filter, which might kill it for "
			"perf_event_open");
	if (error == ENOSYS || error == ENOENT || error == EOPNOTSUPP)
		return err_set(err, ERR_UNSUPPORTED, "this kernel has no such perf events");
	if (error != EACCES && error != EPERM)
		return err_errno(err, error, "perf_event_open");
	procfs_number("/proc/sys/kernel/perf_event_paranoid", &paranoid, NULL);
	return err_set(err, ERR_DENIED,
		"it takes kernel.perf_event_paranoid=1 (it is %ld), or CAP_PERFMON", paranoid);
}

int kernel_event_allowed(struct err *err)
{
	void *mapped = kernel_event_open(gettid(), NEVER_NS);

	if (!mapped)
		return say_why(errno, err);
	kernel_event_close(mapped);
	return 0;
}
