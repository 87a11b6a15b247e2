/* bench_eintr: how often a CPU profile interrupts system calls that are not restarted. */
#include <errno.h>
#include <flyover/flyover.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define WAIT_NS 50000 /* that a call waits for nothing */
#define WORK_S 0.0002 /* CPU time between two calls, or none: then most of it is the kernel's */
#define ENOUGH_S 2.0  /* CPU time for each line, unless … */
#define PATIENCE_S 15 /* … this time is over */

static volatile uint64_t sink;
static int epoll_fd, pair[2];
static sem_t never;
static const struct timespec wait = { .tv_nsec = WAIT_NS };

static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct timespec soon(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	at.tv_nsec += WAIT_NS;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

static int call_poll(void)
{
	return ppoll(NULL, 0, &wait, NULL);
}

static int call_epoll(void)
{
	struct epoll_event event;

	return epoll_pwait2(epoll_fd, &event, 1, &wait, NULL);
}

static int call_select(void)
{
	return pselect(0, NULL, NULL, NULL, &wait, NULL);
}

static int call_nanosleep(void)
{
	return nanosleep(&wait, NULL);
}

static int call_sem_timedwait(void)
{
	struct timespec at = soon(CLOCK_REALTIME);

	return sem_timedwait(&never, &at);
}

static int call_recv_timeout(void)
{
	char byte;

	return (int)recv(pair[0], &byte, 1, 0);
}

static int call_read(void)
{
	char byte;

	return write(pair[1], "x", 1) == 1 && read(pair[0], &byte, 1) == 1 ? 0 : -1;
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = { { "ppoll", call_poll }, { "epoll_pwait2", call_epoll }, { "pselect", call_select },
	{ "nanosleep", call_nanosleep }, { "sem_timedwait", call_sem_timedwait },
	{ "recv, SO_RCVTIMEO", call_recv_timeout }, { "write and read", call_read } };

static void report(const char *name, int (*call)(void), double work_s)
{
	double began = cpu_s(), used;
	unsigned n = 0, interrupted = 0;
	time_t end = time(NULL) + PATIENCE_S;

	while ((used = cpu_s() - began) < ENOUGH_S && (n % 100 || time(NULL) < end)) {
		double until = began + used + work_s;

		while (cpu_s() < until)
			for (int i = 0; i < 1000; i++)
				sink += (uint64_t)i;
		n++;
		interrupted += call() < 0 && errno == EINTR;
	}
	printf("%-18s %s  %.2f CPU-seconds  %6u calls  %3u interrupted  %6.2f a CPU-second\n", name,
		work_s > 0 ? "working" : "waiting", used, n, interrupted, interrupted / used);
}

static void ignore(int number)
{
}

/* What a timer of real time does to the same calls: the measure works. */
static void report_control(void)
{
	struct itimerval often = { { 0, 10000 }, { 0, 10000 } }, never_more = { 0 };
	struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	printf("for comparison, a timer of real time at 100 Hz, without a profile:\n");
	for (int k = 0; k < 2; k++)
		report("ppoll", call_poll, k ? 0 : WORK_S);
	setitimer(ITIMER_REAL, &never_more, NULL);
}

static int report_profile(int kernel)
{
	struct fly_cpu_options options = {
		.size = sizeof(options), .path = "/dev/null", .kernel = kernel
	};
	struct fly_error error;

	printf("a CPU profile at 100 Hz%s:\n", kernel ? ", with the kernel's frames" : "");
	if (fly_cpu_start(&options, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		for (int k = 0; k < 2; k++)
			report(calls[i].name, calls[i].call, k ? 0 : WORK_S);
	return fly_cpu_stop(&error);
}

int main(void)
{
	struct timeval time = { .tv_usec = WAIT_NS / 1000 };

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	sem_init(&never, 0, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 1;
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	if (report_profile(0) || report_profile(1))
		return 1;
	report_control();
	return 0;
}
