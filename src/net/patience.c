/* patience: ends connections that take too long, however often they send or take a byte. */
#include "net/patience.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_MS 100u

struct patient {
	struct patient *before, *next;
	uint64_t until_ms;
	int fd;
};

struct patience {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change; /* there is a connection, or an end */
	struct patient *first; /* under the lock, as all below */
	bool is_ending;
};

static struct timespec now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time;
}

static uint64_t now_ms(void)
{
	struct timespec time = now();

	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void end_late_ones(struct patience *patience)
{
	uint64_t time_ms = now_ms();

	for (struct patient *p = patience->first; p; p = p->next) {
		if (p->until_ms > time_ms)
			continue;
		shutdown(p->fd, SHUT_RDWR);
		p->until_ms = UINT64_MAX;
	}
}

/* Sleeps while there is nobody to wait for. */
static void rest(struct patience *patience)
{
	struct timespec until = now();

	if (!patience->first) {
		pthread_cond_wait(&patience->change, &patience->lock);
		return;
	}
	until.tv_nsec += (long)LOOK_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&patience->change, &patience->lock, &until);
}

static void *watch(void *owner)
{
	struct patience *patience = owner;

	pthread_mutex_lock(&patience->lock);
	while (!patience->is_ending) {
		rest(patience);
		end_late_ones(patience);
	}
	pthread_mutex_unlock(&patience->lock);
	return NULL;
}

/* Signals are for the program's own threads. */
static bool start(struct patience *patience)
{
	sigset_t all, before;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = pthread_create(&patience->thread, NULL, watch, patience) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

static void dispose(struct patience *patience)
{
	pthread_cond_destroy(&patience->change);
	pthread_mutex_destroy(&patience->lock);
	free(patience);
}

struct patience *patience_new(void)
{
	struct patience *patience = calloc(1, sizeof(*patience));
	pthread_condattr_t how;

	if (!patience)
		return NULL;
	pthread_mutex_init(&patience->lock, NULL);
	pthread_condattr_init(&how);
	pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
	pthread_cond_init(&patience->change, &how);
	pthread_condattr_destroy(&how);
	if (start(patience))
		return patience;
	dispose(patience);
	return NULL;
}

void patience_free(struct patience *patience)
{
	if (!patience)
		return;
	pthread_mutex_lock(&patience->lock);
	patience->is_ending = true;
	pthread_cond_signal(&patience->change);
	pthread_mutex_unlock(&patience->lock);
	pthread_join(patience->thread, NULL);
	dispose(patience);
}

struct patient *patience_add(struct patience *patience, int fd, uint64_t time_ms)
{
	struct patient *added = calloc(1, sizeof(*added));

	if (!added)
		return NULL;
	added->fd = fd;
	added->until_ms = now_ms() + time_ms;
	pthread_mutex_lock(&patience->lock);
	added->next = patience->first;
	if (added->next)
		added->next->before = added;
	patience->first = added;
	pthread_cond_signal(&patience->change);
	pthread_mutex_unlock(&patience->lock);
	return added;
}

void patience_extend(struct patience *patience, struct patient *patient, uint64_t time_ms)
{
	pthread_mutex_lock(&patience->lock);
	patient->until_ms = now_ms() + time_ms;
	pthread_mutex_unlock(&patience->lock);
}

void patience_remove(struct patience *patience, struct patient *patient)
{
	if (!patient)
		return;
	pthread_mutex_lock(&patience->lock);
	if (patient->before)
		patient->before->next = patient->next;
	else
		patience->first = patient->next;
	if (patient->next)
		patient->next->before = patient->before;
	pthread_mutex_unlock(&patience->lock);
	free(patient);
}
