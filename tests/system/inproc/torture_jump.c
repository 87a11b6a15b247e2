/* torture_jump: handlers of signals that siglongjmp out of the library's functions, while every
 * kind of profile is kept.
 *
 * A record that never ended, or a thread that seems to be inside a sample for ever, would show
 * afterwards only: so the same threads allocate again when all jumps are over, a little and slowly
 * enough for a ring to hold. What comes between the two heap profiles is theirs.
 *
 *   torture_jump HEAP_PROFILE HEAP_PROFILE_LATER CPU_PROFILE
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "kinds.h"

#define THREADS 4
#define JUMPS_EACH 100
#define ROUNDS_MAX 20000000
#define WAITS 100
#define BLOCKS_AFTER 250

static __thread sigjmp_buf away;
static __thread volatile int jumps;
static uintptr_t code_from, code_to;
static char well;              /* its address is what a thread returns that came through */
static pthread_barrier_t step; /* the jumps are over; and again: on with it */

/* Where the library's code lies. */
static int find_code(struct dl_phdr_info *info, size_t size, void *address)
{
	uintptr_t inside = (uintptr_t)address;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && inside - from < segment->p_memsz) {
			code_from = from;
			code_to = from + segment->p_memsz;
			return 1;
		}
	}
	return (int)(size & 0);
}

/* Only out of the library itself: the C library's malloc would keep its lock. */
static void jump_out_of_library(int number, siginfo_t *info, void *context)
{
	uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];

	if (number != SIGUSR2 || !info || pc < code_from || pc >= code_to)
		return;
	jumps = jumps + 1;
	siglongjmp(away, 1);
}

static void jump(int number)
{
	siglongjmp(away, number);
}

static int begin_timer(timer_t *ret)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2 };
	const struct itimerspec often = { { 0, 300000 }, { 0, 300000 } };

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	return timer_create(CLOCK_MONOTONIC, &event, ret) || timer_settime(*ret, 0, &often, NULL);
}

static void allocate_again(void)
{
	void *volatile blocks[BLOCKS_AFTER];

	for (int i = 0; i < BLOCKS_AFTER; i++)
		blocks[i] = malloc(16);
	for (int i = 0; i < BLOCKS_AFTER; i++)
		free(blocks[i]);
}

/* Allocates, gives back, locks and unlocks, and leaves at any instruction of the library's. */
static void *hop(void *unused)
{
	static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
	void *volatile blocks[16] = { NULL };
	volatile unsigned rounds = 0;
	timer_t timer;

	if (begin_timer(&timer))
		abort(); /* the others would wait for ever */
	sigsetjmp(away, 1);
	pthread_mutex_unlock(&checked); /* EPERM if it was not got */
	while (jumps < JUMPS_EACH && rounds < ROUNDS_MAX) {
		unsigned at = rounds % 16;
		void *block = blocks[at];

		rounds = rounds + 1;
		blocks[at] = NULL; /* what is jumped away from is lost */
		free(block);
		blocks[at] = malloc(16 + rounds % 500);
		pthread_mutex_lock(&checked);
		pthread_mutex_unlock(&checked);
	}
	timer_delete(timer);
	pthread_barrier_wait(&step);
	pthread_barrier_wait(&step);
	allocate_again();
	return jumps >= JUMPS_EACH ? &well : NULL;
}

static int hop_in_all(const char *heap_path)
{
	struct sigaction action = { .sa_sigaction = jump_out_of_library, .sa_flags = SA_SIGINFO };
	pthread_t threads[THREADS];
	struct fly_error error;
	int failed = 0;

	pthread_barrier_init(&step, NULL, THREADS + 1);
	dl_iterate_phdr(find_code, dlsym(RTLD_DEFAULT, "fly_version"));
	if (!code_from || sigaction(SIGUSR2, &action, NULL))
		return 1;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, hop, NULL))
			return 1;
	pthread_barrier_wait(&step);
	if (KINDS_HEAP == 0 && fly_heap_write(heap_path, &error)) {
		fprintf(stderr, "%s\n", error.text);
		failed = 1;
	}
	pthread_barrier_wait(&step);
	for (int i = 0; i < THREADS; i++) {
		void *result = NULL;

		failed += pthread_join(threads[i], &result) || !result;
	}
	return failed;
}

/* Leaves while it waits for what another thread has. */
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spun;
static mtx_t c11;
static sem_t none;
static _Atomic int turn;     /* of the wait that has begun, or is about to */
static _Atomic int returned; /* of the last that was left */

static void wait_for(int way)
{
	if (way == 0)
		pthread_mutex_lock(&held);
	else if (way == 1)
		pthread_spin_lock(&spun);
	else if (way == 2)
		mtx_lock(&c11);
	else
		sem_wait(&none);
}

static void *wait_and_leave(void *unused)
{
	static __thread volatile int i;

	for (i = 1; i <= WAITS; i++) {
		if (sigsetjmp(away, 1) == 0) {
			atomic_store(&turn, i);
			wait_for(i % 4);
			return NULL;
		}
		atomic_store(&returned, i);
	}
	for (i = 0; i < 4; i++)
		wait_for(i);
	pthread_mutex_unlock(&held);
	pthread_spin_unlock(&spun);
	mtx_unlock(&c11);
	return &well;
}

static void hold_all(void)
{
	pthread_mutex_lock(&held);
	pthread_spin_lock(&spun);
	mtx_lock(&c11);
}

static void release_all(void)
{
	pthread_mutex_unlock(&held);
	pthread_spin_unlock(&spun);
	mtx_unlock(&c11);
	sem_post(&none);
}

static int leave_waits(void)
{
	struct sigaction action = { .sa_handler = jump };
	pthread_t thread;
	void *result = NULL;

	pthread_spin_init(&spun, PTHREAD_PROCESS_PRIVATE);
	mtx_init(&c11, mtx_plain);
	sem_init(&none, 0, 0);
	hold_all();
	if (sigaction(SIGUSR1, &action, NULL) ||
		pthread_create(&thread, NULL, wait_and_leave, NULL))
		return 1;
	for (int i = 1; i <= WAITS; i++) {
		while (atomic_load(&turn) < i)
			sched_yield();
		if (i % 3)
			usleep(1000); /* or else it may be on its way only */
		pthread_kill(thread, SIGUSR1);
		while (atomic_load(&returned) < i)
			sched_yield();
	}
	release_all();
	if (pthread_join(thread, &result) || !result)
		return 1;
	return pthread_mutex_trylock(&held) || pthread_spin_trylock(&spun) ||
	       mtx_trylock(&c11) != thrd_success;
}

int main(int argc, char **argv)
{
	struct fly_error error;
	int failed;

	alarm(110);
	if (argc != 4 || kinds_start(argv[3]))
		return 1;
	failed = leave_waits();
	if (failed)
		fprintf(stderr, "a lock was lost\n");
	else if ((failed = hop_in_all(argv[1])) != 0)
		fprintf(stderr, "%d threads did not come through\n", failed);
	if (KINDS_HEAP == 0 && fly_heap_write(argv[2], &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	return kinds_stop() || failed;
}
