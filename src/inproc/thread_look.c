/* thread_look: what the kernel says of another thread of this process. */
#include "inproc/thread_look.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Returns how many bytes, or -1; with a NUL behind them. */
static ssize_t read_file(pid_t tid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", (int)tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n;
}

/* "running", "-1 SP PC" or "NUMBER ARGUMENTS… SP PC". */
void thread_look_parse(const char *text, struct thread_look *ret)
{
	uint64_t numbers[8];
	int n = 0;
	char *at;

	*ret = (struct thread_look){ .state = THREAD_LOOK_RUNNING, .call = -1 };
	ret->call = strtol(text, &at, 10);
	if (at == text)
		return;
	while (n < 8) {
		const char *before = at;

		numbers[n] = strtoull(before, &at, 16);
		if (at == before)
			break;
		n++;
	}
	if (n != (ret->call < 0 ? 2 : 8))
		return;
	ret->sp = numbers[n - 2];
	ret->pc = numbers[n - 1];
	if (n == 8)
		memcpy(ret->arguments, numbers, sizeof(ret->arguments));
	ret->state = THREAD_LOOK_WAITING;
}

void thread_look_at(pid_t tid, struct thread_look *ret)
{
	char text[256];
	ssize_t n = read_file(tid, "syscall", text, sizeof(text));

	if (n <= 0)
		*ret = (struct thread_look){ .state = thread_look_cpu_ns(tid) ? THREAD_LOOK_RUNNING
									      : THREAD_LOOK_GONE,
			.call = -1 };
	else
		thread_look_parse(text, ret);
}

bool thread_look_is_delicate(const struct thread_look *look)
{
	static const short calls[] = { SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6,
		SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_nanosleep,
		SYS_clock_nanosleep, SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_pause, SYS_msgrcv,
		SYS_msgsnd, SYS_semop, SYS_semtimedop, SYS_io_getevents, SYS_io_pgetevents,
		SYS_io_uring_enter, SYS_recvmmsg };

	if (look->state != THREAD_LOOK_WAITING)
		return false;
	if (look->call == SYS_futex) /* with a timeout it is not restarted */
		return look->arguments[3] != 0;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (look->call == calls[i])
			return true;
	return false;
}

/* Field 32 of stat, counted from behind the name, which may have anything in it. */
bool thread_look_takes(pid_t tid, int signal_number)
{
	char text[1024];
	const char *at;

	if (read_file(tid, "stat", text, sizeof(text)) <= 0)
		return false;
	at = strrchr(text, ')');
	if (!at || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X')
		return false;
	for (int field = 2; at && field < 32; field++)
		at = strchr(at + 1, ' ');
	return at && signal_number <= 31 &&
	       !(strtoull(at + 1, NULL, 10) & UINT64_C(1) << (signal_number - 1));
}

void thread_look_name(pid_t tid, char name[16])
{
	char text[64];
	ssize_t n = read_file(tid, "comm", text, sizeof(text));

	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	snprintf(name, 16, "%.15s", n > 0 ? text : "");
}

uint64_t thread_look_cpu_ns(pid_t tid)
{
	struct timespec now;

	if (clock_gettime((clockid_t)((~(unsigned)tid) << 3 | 6), &now) < 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
