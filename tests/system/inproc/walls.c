/* walls: a service whose threads run and wait in known ways, and measure that themselves.
 *
 *   walls [THREADS]      THREADS more of each waiting kind; 0 if not said
 *
 * Says its port; then, for each two bytes of input, what lay between them, one line for each way:
 * NAME WALL CPU EINTR: ns, ns, and how many calls a signal has interrupted so far.
 */
#include <errno.h>
#include <flyover/flyover.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum way { RUN, SLEEP, POLL, EPOLL, CONDITION, READ, SEMAPHORE, HALF, WAYS };
static const char *const names[WAYS] = { "way_run", "way_sleep", "way_poll", "way_epoll",
	"way_condition", "way_read", "way_semaphore", "way_half" };

static _Atomic uint64_t interrupted[WAYS];
static int quiet_pipe[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t never;

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#define WAY __attribute__((noinline)) static void
#define NO_TAIL __asm__ volatile("" ::: "memory")

static void burn(uint64_t ns)
{
	static volatile uint64_t sink;
	uint64_t until = read_clock(CLOCK_THREAD_CPUTIME_ID) + ns;

	while (read_clock(CLOCK_THREAD_CPUTIME_ID) < until)
		for (int i = 0; i < 10000; i++)
			sink += (uint64_t)i;
}

static void count(enum way way, int result)
{
	if (result < 0 && errno == EINTR)
		interrupted[way]++;
}

WAY way_run(void)
{
	burn(20000000);
	NO_TAIL;
}

WAY way_sleep(void)
{
	const struct timespec pause = { .tv_nsec = 40000000 };

	count(SLEEP, nanosleep(&pause, NULL));
	NO_TAIL;
}

WAY way_poll(void)
{
	count(POLL, poll(NULL, 0, 40));
	NO_TAIL;
}

WAY way_epoll(void)
{
	static __thread int fd;
	struct epoll_event event;

	if (!fd)
		fd = epoll_create1(0);
	count(EPOLL, epoll_wait(fd, &event, 1, 40));
	NO_TAIL;
}

WAY way_condition(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&mutex);
	pthread_cond_timedwait(&condition, &mutex, &until);
	pthread_mutex_unlock(&mutex);
	NO_TAIL;
}

WAY way_read(void)
{
	char byte;

	count(READ, (int)read(quiet_pipe[0], &byte, 1));
	NO_TAIL;
}

WAY way_semaphore(void)
{
	count(SEMAPHORE, sem_wait(&never));
	NO_TAIL;
}

WAY way_half(void)
{
	const struct timespec pause = { .tv_nsec = 3000000 };

	burn(3000000);
	nanosleep(&pause, NULL);
	NO_TAIL;
}

static void (*const ways[WAYS])(void) = { way_run, way_sleep, way_poll, way_epoll, way_condition,
	way_read, way_semaphore, way_half };

static void *keep_on(void *way)
{
	for (;;)
		((void (*)(void))way)();
	return NULL;
}

int main(int argc, char **argv)
{
	int more = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
	uint64_t began, used[WAYS];
	clockid_t clocks[WAYS];
	struct fly_error error;
	char byte;

	sem_init(&never, 0, 0);
	if (pipe(quiet_pipe) || fly_http_listen("localhost:0", NULL, &error))
		return 1;
	for (int way = 0; way < WAYS; way++) {
		pthread_t thread;

		for (int i = 0; i <= (way == RUN || way == HALF ? 0 : more); i++)
			pthread_create(&thread, NULL, keep_on, (void *)ways[way]);
		pthread_setname_np(thread, names[way]);
		pthread_getcpuclockid(thread, &clocks[way]);
	}
	printf("%d\n", fly_http_port());
	fflush(stdout);
	/* A byte says that a profile begins, the next that it has ended. */
	while (read(STDIN_FILENO, &byte, 1) == 1) {
		began = read_clock(CLOCK_MONOTONIC);
		for (int way = 0; way < WAYS; way++)
			used[way] = read_clock(clocks[way]);
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 0;
		for (int way = 0; way < WAYS; way++)
			printf("%s %llu %llu %llu\n", names[way],
				(unsigned long long)(read_clock(CLOCK_MONOTONIC) - began),
				(unsigned long long)(read_clock(clocks[way]) - used[way]),
				(unsigned long long)interrupted[way]);
		printf("end\n");
		fflush(stdout);
	}
	return 0;
}
