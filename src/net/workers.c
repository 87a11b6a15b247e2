/* workers: a few threads and what waits for them. */
#include "net/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/queue.h"

struct workers {
	struct workers_options options;
	struct queue queue;
	pthread_t *threads; /* owned */
	unsigned n_threads;
};

static void *run(void *owner)
{
	struct workers *workers = owner;
	void *thing;

	while ((thing = queue_take(&workers->queue)))
		workers->options.work(workers->options.owner, thing);
	return NULL;
}

/* Signals are for the program's own threads. */
static void start(struct workers *workers)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (workers->n_threads < workers->options.threads) {
		if (pthread_create(&workers->threads[workers->n_threads], NULL, run, workers) != 0)
			break;
		workers->n_threads++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct workers *workers_new(const struct workers_options *options)
{
	struct workers *workers = calloc(1, sizeof(*workers));

	if (!workers)
		return NULL;
	workers->options = *options;
	workers->threads = calloc(options->threads, sizeof(*workers->threads));
	if (!workers->threads || queue_init(&workers->queue, options->waiting_max) < 0) {
		free(workers->threads);
		free(workers);
		return NULL;
	}
	start(workers);
	if (workers->n_threads == options->threads)
		return workers;
	workers_free(workers);
	return NULL;
}

bool workers_give(struct workers *workers, void *thing)
{
	return queue_put_now(&workers->queue, thing);
}

void workers_free(struct workers *workers)
{
	if (!workers)
		return;
	queue_close(&workers->queue);
	for (unsigned i = 0; i < workers->n_threads; i++)
		pthread_join(workers->threads[i], NULL);
	queue_fini(&workers->queue);
	free(workers->threads);
	free(workers);
}
