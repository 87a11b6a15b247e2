/* torture: what programs do to a profiler that lives in them, one case a name.
 *
 * A case runs under a CPU and a wall-clock profile at 1000 Hz, while every wait is recorded, and
 * returns 0 if the program came through unharmed.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <flyover/flyover.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "kinds.h"

#define CHECK(condition)                                                                      \
	do {                                                                                  \
		if (!(condition)) {                                                           \
			fprintf(stderr, "line %d: %s does not hold\n", __LINE__, #condition); \
			return 1;                                                             \
		}                                                                             \
	} while (0)

extern char **environ;
static volatile uint64_t sink;

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void burn(double seconds)
{
	double until = cpu_seconds() + seconds;

	while (cpu_seconds() < until)
		for (int i = 0; i < 1000; i++)
			sink += (uint64_t)i;
}

static int count_fds(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	while (folder && readdir(folder))
		n++;
	closedir(folder);
	return n;
}

/* The library's own thread has one open for a moment, when it looks for threads, pushes or writes:
 * the least of several counts is what there is without it. */
static int settled_fds(void)
{
	int least = count_fds();

	for (int i = 0; i < 10; i++) {
		int n;

		usleep(3000);
		n = count_fds();
		if (n < least)
			least = n;
	}
	return least;
}

static bool fds_settle(int before)
{
	for (int i = 0; i < 300 && count_fds() != before; i++)
		usleep(10000);
	return count_fds() == before;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* fork: the child runs, allocates, makes threads, and can be profiled anew. */
static void *burn_a_little(void *unused)
{
	burn(0.02);
	return unused;
}

static int forked(void)
{
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t thread;

			if (pthread_create(&thread, NULL, burn_a_little, NULL))
				_exit(1);
			pthread_join(thread, NULL);
			free(malloc(100000));
			_exit(7);
		}
		burn(0.002);
		CHECK(wait_for(pid) == 7);
	}
	return 0;
}

static int forked_and_profiled(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct fly_cpu_options options = { .size = sizeof(options), .path = "/dev/null" };
		struct fly_error error;

		if (fly_cpu_stop(NULL) != FLY_USAGE || fly_http_port() != 0)
			_exit(2);
		if (fly_cpu_start(&options, &error))
			_exit(3);
		burn(0.05);
		_exit(fly_cpu_stop(&error) ? 4 : 7);
	}
	CHECK(wait_for(pid) == 7);
	return 0;
}

static int vforked(void)
{
	for (int i = 0; i < 50; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			execl("/bin/sh", "sh", "-c", "exit 9", (char *)NULL);
			_exit(1);
		}
		CHECK(wait_for(pid) == 9);
	}
	return 0;
}

static int spawned(void)
{
	char *const argv[] = { "sh", "-c",
		"i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 5", NULL };

	for (int i = 0; i < 5; i++) {
		pid_t pid;

		CHECK(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) == 0);
		burn(0.01);
		CHECK(wait_for(pid) == 5);
	}
	return 0;
}

/* exec while the timers run and questions are on their way: the new program must not die of a
 * profiler's signal. */
static int executed(void)
{
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			struct fly_cpu_options options = {
				.size = sizeof(options), .path = "/dev/null", .hz = 1000
			};
			struct fly_wall_options wall = {
				.size = sizeof(wall), .path = "/dev/null", .hz = 1000
			};

			if (i % 3 != 1 && fly_cpu_start(&options, NULL))
				_exit(3);
			if (i % 3 != 0 && fly_wall_start(&wall, NULL))
				_exit(4);
			burn(0.01 + 0.001 * (i % 10));
			execl("/bin/sh", "sh", "-c",
				"i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; exit 5",
				(char *)NULL);
			_exit(1);
		}
		CHECK(wait_for(pid) == 5);
	}
	return 0;
}

/* Another user from one moment to the next, in all threads, the profiler's too. */
static int under_another_user(void)
{
	char path[] = "/tmp/torture.XXXXXX";
	int fd = mkstemp(path);
	pid_t pid = fork();

	unlink(path);
	if (pid == 0) {
		struct fly_cpu_options options = { .size = sizeof(options), .fd = fd };

		if (fly_cpu_start(&options, NULL))
			_exit(3);
		if (getuid() == 0 && (setgid(65534) || setuid(65534)))
			_exit(4);
		burn(0.1);
		_exit(fly_cpu_stop(NULL) ? 5 : 7);
	}
	CHECK(wait_for(pid) == 7);
	CHECK(lseek(fd, 0, SEEK_END) > 100);
	close(fd);
	return 0;
}

static int loaded_and_unloaded(void)
{
	for (int i = 0; i < 300; i++) {
		void *library = dlopen("libm.so.6", RTLD_NOW);
		double (*cosine)(double);

		CHECK(library);
		cosine = (double (*)(double))dlsym(library, "cos");
		for (int k = 0; k < 20000; k++)
			sink += (uint64_t)(cosine(k) * 10);
		dlclose(library);
	}
	return 0;
}

/* A handler on an alternate stack that burns CPU time there. */
static void burn_in_handler(int number)
{
	(void)number;
	burn(0.01);
}

static int on_an_alternate_stack(void)
{
	static char stack[65536];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = burn_in_handler, .sa_flags = SA_ONSTACK };

	CHECK(sigaltstack(&alternate, NULL) == 0);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	for (int i = 0; i < 20; i++)
		raise(SIGUSR1);
	return 0;
}

/* Fibers: stacks that no thread library knows of. */
static ucontext_t main_fiber, fibers[8];

static void run_fiber(int number)
{
	for (int i = 0; i < 10; i++) {
		burn(0.002);
		swapcontext(&fibers[number], &main_fiber);
	}
}

static int in_fibers(void)
{
	static char stacks[8][32768];

	for (int i = 0; i < 8; i++) {
		getcontext(&fibers[i]);
		fibers[i].uc_stack.ss_sp = stacks[i];
		fibers[i].uc_stack.ss_size = sizeof(stacks[i]);
		fibers[i].uc_link = &main_fiber;
		makecontext(&fibers[i], (void (*)(void))run_fiber, 1, i);
	}
	for (int round = 0; round < 10; round++)
		for (int i = 0; i < 8; i++)
			swapcontext(&main_fiber, &fibers[i]);
	return 0;
}

/* Frame pointers and stack pointers that point nowhere good. */
static int with_damaged_stacks(void)
{
	static const uint64_t bad[] = { 0, 8, 0x1000, 0xdeadbeefdeadbee8, 0x7fffffffffff0008,
		0xffffffffffffff00, 0x00007ffffffff000, 0x5555555550f8 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (int k = 0; k < 3; k++)
			__asm__ volatile("push %%rbp\n\tmov %0, %%rbp\n\tmov $20000000, %%rcx\n"
					 "1:\tdec %%rcx\n\tjnz 1b\n\tpop %%rbp"
					 :
					 : "r"(bad[i])
					 : "rcx", "memory");
	return 0;
}

static void *short_life(void *unused)
{
	for (int i = 0; i < 20000; i++)
		sink += (uint64_t)i;
	return unused;
}

static int ten_thousand_threads(void)
{
	int before = settled_fds();

	for (int i = 0; i < 10000; i += 10) {
		pthread_t threads[10];

		for (int k = 0; k < 10; k++)
			CHECK(pthread_create(&threads[k], NULL, short_life, NULL) == 0);
		for (int k = 0; k < 10; k++)
			pthread_join(threads[k], NULL);
	}
	CHECK(fds_settle(before));
	return 0;
}

struct victim {
	sem_t ready;
	bool cleaned;
};

static void mark_cleaned(void *victim)
{
	((struct victim *)victim)->cleaned = true;
}

static void *burn_until_cancelled(void *victim)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(mark_cleaned, victim);
	sem_post(&((struct victim *)victim)->ready);
	for (;;)
		burn(0.001);
	pthread_cleanup_pop(0);
	return NULL;
}

static int cancelled(void)
{
	for (int i = 0; i < 50; i++) {
		const struct timespec moment = { .tv_nsec = 2000000 };
		struct victim victim = { .cleaned = false };
		pthread_t thread;
		void *result;

		sem_init(&victim.ready, 0, 0);
		CHECK(pthread_create(&thread, NULL, burn_until_cancelled, &victim) == 0);
		while (sem_wait(&victim.ready) < 0)
			;
		nanosleep(&moment, NULL);
		pthread_cancel(thread);
		CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
		CHECK(victim.cleaned);
	}
	return 0;
}

/* Threads on the smallest stacks the C library gives. */
static int on_small_stacks(void)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	CHECK(pthread_attr_setstacksize(&attributes, 16384) == 0);
	for (int i = 0; i < 100; i++) {
		pthread_t thread;

		CHECK(pthread_create(&thread, &attributes, burn_a_little, NULL) == 0);
		pthread_join(thread, NULL);
	}
	return 0;
}

/* Every signal blocked in the thread that makes others. */
static int with_signals_blocked(void)
{
	sigset_t all, now;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	CHECK(pthread_create(&thread, NULL, burn_a_little, NULL) == 0);
	pthread_join(thread, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	CHECK(sigismember(&now, SIGPROF) == 1);
	return 0;
}

static int without_timers(void)
{
	struct rlimit few = { 2, 2 };
	pthread_t threads[8];

	CHECK(setrlimit(RLIMIT_SIGPENDING, &few) == 0);
	for (int i = 0; i < 8; i++)
		CHECK(pthread_create(&threads[i], NULL, burn_a_little, NULL) == 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* Forks, threads that end and cancellations while everybody wants the same locks. */
static pthread_mutex_t wanted = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static _Atomic bool enough;

static void *want_lock(void *unused)
{
	while (!enough) {
		pthread_mutex_lock(&wanted);
		burn(0.00002);
		pthread_mutex_unlock(&wanted);
		sched_yield();
	}
	return unused;
}

static void unlock_wanted(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&wanted);
}

static void *wait_for_ever(void *unused)
{
	pthread_mutex_lock(&wanted);
	pthread_cleanup_push(unlock_wanted, NULL);
	for (;;)
		pthread_cond_wait(&never, &wanted);
	pthread_cleanup_pop(1);
	return unused;
}

static int in_contention(void)
{
	pthread_t threads[6];

	for (int i = 0; i < 6; i++)
		CHECK(pthread_create(&threads[i], NULL, want_lock, NULL) == 0);
	for (int i = 0; i < 30; i++) {
		const struct timespec moment = { .tv_nsec = 1000000 };
		pthread_t waiter;
		void *result;
		pid_t pid;

		CHECK(pthread_create(&waiter, NULL, wait_for_ever, NULL) == 0);
		nanosleep(&moment, NULL);
		pthread_mutex_lock(&wanted); /* so that the child has it */
		pid = fork();
		if (pid == 0) {
			pthread_t thread;

			pthread_mutex_unlock(&wanted);
			enough = true;
			if (pthread_create(&thread, NULL, want_lock, NULL) ||
				pthread_join(thread, NULL))
				_exit(1);
			_exit(7);
		}
		pthread_mutex_unlock(&wanted);
		CHECK(wait_for(pid) == 7);
		CHECK(pthread_cancel(waiter) == 0);
		CHECK(pthread_join(waiter, &result) == 0 && result == PTHREAD_CANCELED);
	}
	enough = true;
	for (int i = 0; i < 6; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(pthread_mutex_trylock(&wanted) == 0);
	return 0;
}

/* Every way to get memory and to give it back, in several threads, while signals come in the middle
 * of it; what lies in it stays. */
static _Atomic bool damaged;

static void *use_memory(void *unused)
{
	unsigned char *blocks[64] = { NULL };
	size_t sizes[64] = { 0 };

	for (unsigned i = 0; !enough; i++) {
		unsigned at = i * 7 % 64;
		size_t size = 1 + (size_t)(i * 2654435761u >> 20) % 3000;

		for (size_t k = 0; k < sizes[at]; k += 97)
			damaged |= blocks[at][k] != (unsigned char)at;
		if (i % 5 == 0) {
			free(blocks[at]);
			blocks[at] = malloc(size);
		} else if (i % 5 == 1) {
			free(blocks[at]);
			blocks[at] = calloc(size, 1);
		} else if (i % 5 == 2) {
			free(blocks[at]);
			blocks[at] = aligned_alloc(64, size / 64 * 64 + 64);
		} else {
			blocks[at] = realloc(blocks[at], size);
		}
		memset(blocks[at], (int)at, size);
		sizes[at] = size;
	}
	for (int i = 0; i < 64; i++)
		free(blocks[i]);
	return unused;
}

static int allocating(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, use_memory, NULL) == 0);
	burn(0.5);
	enough = true;
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(!damaged);
	return 0;
}

/* Forks in the middle of other threads' allocations, waits and samples. The child can keep every
 * kind of profile itself, and ends as any other does. */
static int forked_when_busy(void)
{
	struct fly_heap_options heap = { .size = sizeof(heap), .rate = 1 };
	struct fly_cpu_options cpu = { .size = sizeof(cpu), .path = "/dev/null", .hz = 1000 };
	pthread_t threads[6];

	for (int i = 0; i < 6; i++)
		CHECK(pthread_create(&threads[i], NULL, i % 2 ? use_memory : want_lock, NULL) == 0);
	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t thread;

			alarm(20);
			free(malloc(100000));
			if (fly_heap_start(&heap, NULL) != KINDS_HEAP || fly_cpu_start(&cpu, NULL))
				_exit(2);
			if (pthread_create(&thread, NULL, burn_a_little, NULL) ||
				pthread_join(thread, NULL))
				_exit(3);
			if (fly_cpu_stop(NULL) || (KINDS_HEAP == 0 && fly_heap_stop(NULL)))
				_exit(4);
			exit(7);
		}
		CHECK(wait_for(pid) == 7);
	}
	enough = true;
	for (int i = 0; i < 6; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(!damaged);
	return 0;
}

/* Cancelled in each call that waits and that the library stands in front of. */
static sem_t nothing_comes;
static pthread_t sleeper;

static void *wait_for_semaphore(void *victim)
{
	pthread_cleanup_push(mark_cleaned, victim);
	sem_post(&((struct victim *)victim)->ready);
	while (sem_wait(&nothing_comes) < 0)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

static void *wait_a_while_for_semaphore(void *victim)
{
	struct timespec late;

	clock_gettime(CLOCK_REALTIME, &late);
	late.tv_sec += 100;
	pthread_cleanup_push(mark_cleaned, victim);
	sem_post(&((struct victim *)victim)->ready);
	while (sem_timedwait(&nothing_comes, &late) < 0 && errno == EINTR)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

static void *wait_for_thread(void *victim)
{
	pthread_cleanup_push(mark_cleaned, victim);
	sem_post(&((struct victim *)victim)->ready);
	pthread_join(sleeper, NULL);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *sleep_long(void *unused)
{
	sleep(100);
	return unused;
}

static int cancelled_while_waiting(void)
{
	static void *(*const ways[])(
		void *) = { wait_for_semaphore, wait_a_while_for_semaphore, wait_for_thread };
	void *result;

	sem_init(&nothing_comes, 0, 0);
	CHECK(pthread_create(&sleeper, NULL, sleep_long, NULL) == 0);
	for (int i = 0; i < 60; i++) {
		struct victim victim = { .cleaned = false };
		pthread_t thread;

		sem_init(&victim.ready, 0, 0);
		CHECK(pthread_create(&thread, NULL, ways[i % 3], &victim) == 0);
		while (sem_wait(&victim.ready) < 0)
			;
		if (i % 2)
			usleep(1000); /* or else it may not wait yet */
		CHECK(pthread_cancel(thread) == 0);
		CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
		CHECK(victim.cleaned);
	}
	CHECK(pthread_cancel(sleeper) == 0);
	CHECK(pthread_join(sleeper, &result) == 0 && result == PTHREAD_CANCELED);
	sem_post(&nothing_comes);
	CHECK(sem_wait(&nothing_comes) == 0 && sem_trywait(&nothing_comes) < 0);
	return 0;
}

/* A program whose own handler of our signal comes later, as sort's does. */
static volatile sig_atomic_t handled;

static void note_signal(int number)
{
	handled = handled + (number == SIGPROF);
}

static int with_its_own_handler(void)
{
	struct sigaction action = { .sa_handler = note_signal }, old;
	pid_t pid;

	CHECK(signal(SIGPROF, note_signal) == SIG_DFL);
	burn(0.2);
	CHECK(handled == 0);
	raise(SIGPROF);
	CHECK(handled == 1);
	CHECK(sigaction(SIGPROF, NULL, &old) == 0 && old.sa_handler == note_signal);
	action.sa_flags = (int)SA_RESETHAND;
	CHECK(sigaction(SIGPROF, &action, NULL) == 0);
	raise(SIGPROF);
	CHECK(handled == 2);
	CHECK(sigaction(SIGPROF, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
	burn(0.1);
	pid = fork(); /* in which nobody samples, and the default is fatal */
	if (pid == 0) {
		raise(SIGPROF);
		_exit(1);
	}
	CHECK(wait_for(pid) == 1000 + SIGPROF);
	CHECK(signal(SIGPROF, SIG_IGN) == SIG_DFL);
	raise(SIGPROF);
	burn(0.1);
	CHECK(signal(SIGPROF, SIG_DFL) == SIG_IGN);
	return 0;
}

/* A daemon that closes all it does not know. */
static int after_closing_everything(void)
{
	int mine;

	for (int fd = 3; fd < 256; fd++)
		close(fd);
	mine = open("/dev/null", O_RDWR);
	CHECK(mine >= 3);
	burn(0.3);
	fly_http_close();
	CHECK(fcntl(mine, F_GETFD) >= 0);
	CHECK(fly_http_listen("127.0.0.1:0", NULL, NULL) == 0);
	CHECK(fly_http_port() > 0);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} cases[] = {
	{ "fork", forked },
	{ "fork-profiled", forked_and_profiled },
	{ "vfork", vforked },
	{ "spawn", spawned },
	{ "exec", executed },
	{ "setuid", under_another_user },
	{ "dlopen", loaded_and_unloaded },
	{ "alternate-stack", on_an_alternate_stack },
	{ "fibers", in_fibers },
	{ "damaged-stack", with_damaged_stacks },
	{ "short-threads", ten_thousand_threads },
	{ "cancel", cancelled },
	{ "small-stacks", on_small_stacks },
	{ "blocked", with_signals_blocked },
	{ "no-timers", without_timers },
	{ "contention", in_contention },
	{ "allocating", allocating },
	{ "fork-busy", forked_when_busy },
	{ "cancel-waits", cancelled_while_waiting },
	{ "own-handler", with_its_own_handler },
	{ "close-all", after_closing_everything },
};

static int run(const char *name)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(cases[i].name, name) == 0)
			return cases[i].run();
	fprintf(stderr, "there is no case %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	int rc, n_fds;

	if (argc != 3) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			puts(cases[i].name);
		return 0;
	}
	n_fds = count_fds();
	if (strcmp(argv[1], "fork-profiled") == 0 || strcmp(argv[1], "close-all") == 0)
		fly_http_listen("127.0.0.1:0", NULL, NULL);
	if (kinds_start(argv[2]))
		return 1;
	rc = run(argv[1]);
	if (kinds_stop())
		return 1;
	fly_http_close();
	for (int i = 0; i < 100 && count_fds() != n_fds; i++) /* the engine tidies up behind us */
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	if (strcmp(argv[1], "close-all") != 0 && count_fds() != n_fds) {
		fprintf(stderr, "%d descriptors were open before, %d are now\n", n_fds,
			count_fds());
		return 1;
	}
	return rc;
}
