/* lock_rules: what locks answer in every odd case, one line each; to be compared with and without
 * us. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const struct timespec nonsense = { .tv_nsec = 2000000000 }, past = { .tv_sec = 1 };

static void say(const char *what, int error)
{
	printf("%s: %s\n", what, error > 0 ? strerrorname_np(error) : error ? "-1" : "0");
}

static void make(pthread_mutex_t *mutex, int type, int protocol, int robust)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setprotocol(&a, protocol);
	pthread_mutexattr_setrobust(&a, robust);
	pthread_mutex_init(mutex, &a);
	pthread_mutexattr_destroy(&a);
}

static void *want(void *mutex)
{
	say(" another locks until a past time", pthread_mutex_timedlock(mutex, &past));
	say(" another locks until nonsense", pthread_mutex_timedlock(mutex, &nonsense));
	say(" another locks by a wrong clock",
		pthread_mutex_clocklock(mutex, CLOCK_PROCESS_CPUTIME_ID, &past));
	say(" another unlocks", pthread_mutex_unlock(mutex));
	return NULL;
}

static void try_mutex(const char *name, int type, int protocol, int robust)
{
	pthread_mutex_t mutex;
	pthread_t thread;

	printf("%s\n", name);
	make(&mutex, type, protocol, robust);
	say(" lock", pthread_mutex_lock(&mutex));
	if (type != PTHREAD_MUTEX_NORMAL) {
		say(" again", pthread_mutex_lock(&mutex));
		say(" and until nonsense", pthread_mutex_timedlock(&mutex, &nonsense));
	}
	if (type == PTHREAD_MUTEX_ERRORCHECK || type == PTHREAD_MUTEX_RECURSIVE ||
		robust == PTHREAD_MUTEX_ROBUST) {
		pthread_create(&thread, NULL, want, &mutex);
		pthread_join(thread, NULL);
	}
	for (int i = 0; i < (type == PTHREAD_MUTEX_NORMAL ? 1 : 4); i++)
		say(" unlock", pthread_mutex_unlock(&mutex));
	say(" free, until nonsense", pthread_mutex_timedlock(&mutex, &nonsense));
	say(" unlock", pthread_mutex_unlock(&mutex));
	say(" destroy", pthread_mutex_destroy(&mutex));
}

static void *die_holding(void *mutex)
{
	pthread_mutex_lock(mutex);
	return NULL;
}

static void try_dead_owner(void)
{
	pthread_mutex_t mutex;
	pthread_t thread;

	printf("a dead owner\n");
	make(&mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
	pthread_create(&thread, NULL, die_holding, &mutex);
	pthread_join(thread, NULL);
	say(" lock", pthread_mutex_lock(&mutex));
	say(" consistent", pthread_mutex_consistent(&mutex));
	say(" unlock", pthread_mutex_unlock(&mutex));
	pthread_create(&thread, NULL, die_holding, &mutex);
	pthread_join(thread, NULL);
	say(" lock", pthread_mutex_lock(&mutex));
	say(" unlock without a repair", pthread_mutex_unlock(&mutex));
	say(" lock", pthread_mutex_lock(&mutex));
}

/* An owner in another process that dies while we wait. */
static void try_dead_process(void)
{
	pthread_mutex_t *mutex =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t a;
	int ready[2];
	char byte;
	pid_t pid;

	printf("a dead process\n");
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &a);
	if (pipe(ready))
		exit(1);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		pthread_mutex_lock(mutex);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		usleep(50000);
		_exit(0);
	}
	if (read(ready[0], &byte, 1) != 1)
		exit(1);
	say(" lock", pthread_mutex_lock(mutex));
	waitpid(pid, NULL, 0);
}

static void *want_rwlock(void *lock)
{
	say(" another reads until a past time", pthread_rwlock_timedrdlock(lock, &past));
	say(" another writes until a past time", pthread_rwlock_timedwrlock(lock, &past));
	say(" another reads by a wrong clock",
		pthread_rwlock_clockrdlock(lock, CLOCK_PROCESS_CPUTIME_ID, &past));
	say(" another writes until a past time",
		pthread_rwlock_clockwrlock(lock, CLOCK_MONOTONIC, &past));
	return NULL;
}

static void try_rwlock(void)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	pthread_t thread;

	printf("read-write locks\n");
	say(" free, until nonsense", pthread_rwlock_timedrdlock(&lock, &nonsense));
	say(" free, until nonsense", pthread_rwlock_timedwrlock(&lock, &nonsense));
	say(" write", pthread_rwlock_wrlock(&lock));
	say(" write again", pthread_rwlock_wrlock(&lock));
	say(" read too", pthread_rwlock_rdlock(&lock));
	pthread_create(&thread, NULL, want_rwlock, &lock);
	pthread_join(thread, NULL);
	say(" unlock", pthread_rwlock_unlock(&lock));
	say(" read", pthread_rwlock_rdlock(&lock));
	say(" read again", pthread_rwlock_rdlock(&lock));
	say(" write too, until a past time", pthread_rwlock_timedwrlock(&lock, &past));
}

static void say_semaphore(const char *what, int result)
{
	printf("%s: %d %s\n", what, result, result ? strerrorname_np(errno) : "");
}

static void try_semaphore(void)
{
	sem_t semaphore;

	printf("semaphores\n");
	sem_init(&semaphore, 0, 4);
	errno = 0;
	say_semaphore(" free", sem_wait(&semaphore));
	printf(" errno %d\n", errno);
	say_semaphore(" free, until nonsense", sem_timedwait(&semaphore, &nonsense));
	say_semaphore(" free, until a past time", sem_timedwait(&semaphore, &past));
	say_semaphore(" free, by a wrong clock",
		sem_clockwait(&semaphore, CLOCK_PROCESS_CPUTIME_ID, &past));
	say_semaphore(" free, monotonic", sem_clockwait(&semaphore, CLOCK_MONOTONIC, &past));
	sem_trywait(&semaphore);
	say_semaphore(" until a past time", sem_timedwait(&semaphore, &past));
	say_semaphore(" until nonsense", sem_timedwait(&semaphore, &nonsense));
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t never, full;

static void unlock_mutex(void *unused)
{
	say("  unlock in the cleanup", pthread_mutex_unlock(&mutex));
}

static void *wait_condition(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock_mutex, NULL);
	pthread_cond_wait(&condition, &mutex);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *wait_semaphore(void *unused)
{
	sem_wait(&never);
	return NULL;
}

/* A cancellation that is pending acts even where there is nothing to wait for. */
static void *take_semaphore_cancelled(void *unused)
{
	pthread_cancel(pthread_self());
	sem_wait(&full);
	return NULL;
}

static void *wait_mutex(void *unused)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	say("  a mutex is no point of cancellation", pthread_mutex_timedlock(&mutex, &until));
	pthread_mutex_unlock(&mutex);
	pthread_testcancel();
	return NULL;
}

static void *join_it(void *thread)
{
	pthread_join(*(pthread_t *)thread, NULL);
	return NULL;
}

static void cancel(const char *what, void *(*start)(void *), void *context, int holds)
{
	pthread_t thread;
	void *result;

	printf(" %s\n", what);
	if (holds)
		pthread_mutex_lock(&mutex);
	pthread_create(&thread, NULL, start, context);
	usleep(30000);
	pthread_cancel(thread);
	usleep(10000);
	if (holds)
		pthread_mutex_unlock(&mutex);
	pthread_join(thread, &result);
	printf("  cancelled: %d\n", result == PTHREAD_CANCELED);
}

static void *sleep_long(void *unused)
{
	usleep(500000);
	return unused;
}

static void try_cancellation(void)
{
	pthread_t sleeper;
	int value;

	printf("cancellation\n");
	sem_init(&never, 0, 0);
	sem_init(&full, 0, 1);
	cancel("at a condition", wait_condition, NULL, 0);
	say(" its mutex is free", pthread_mutex_trylock(&mutex));
	pthread_mutex_unlock(&mutex);
	cancel("at a semaphore", wait_semaphore, NULL, 0);
	cancel("at a semaphore that is free", take_semaphore_cancelled, NULL, 0);
	sem_getvalue(&full, &value);
	printf(" its value: %d\n", value);
	cancel("at a mutex", wait_mutex, NULL, 1);
	pthread_create(&sleeper, NULL, sleep_long, NULL);
	cancel("at a join", join_it, &sleeper, 0);
	say(" join again", pthread_join(sleeper, NULL));
	say(" join oneself", pthread_join(pthread_self(), NULL));
}

int main(void)
{
	try_mutex("normal", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
	try_mutex("errorcheck", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
	try_mutex("recursive", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
	try_mutex("robust errorcheck", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE,
		PTHREAD_MUTEX_ROBUST);
	try_mutex("robust recursive", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE,
		PTHREAD_MUTEX_ROBUST);
	try_mutex("inheriting", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
	try_mutex("inheriting errorcheck", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_INHERIT,
		PTHREAD_MUTEX_STALLED);
	try_mutex("inheriting robust recursive", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_INHERIT,
		PTHREAD_MUTEX_ROBUST);
	try_dead_owner();
	try_dead_process();
	try_rwlock();
	try_semaphore();
	try_cancellation();
	return 0;
}
