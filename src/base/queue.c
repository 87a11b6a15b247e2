/* queue: where threads meet. */
#include "base/queue.h"

#include <stdlib.h>

#include "base/err.h"

int queue_init(struct queue *queue, size_t cap)
{
	*queue = (struct queue){ .cap = cap };
	queue->items = calloc(cap, sizeof(*queue->items));
	if (!queue->items)
		return ERR_NOMEM;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	pthread_cond_init(&queue->not_full, NULL);
	return 0;
}

void queue_fini(struct queue *queue)
{
	if (!queue->items)
		return;
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->not_empty);
	pthread_cond_destroy(&queue->not_full);
	free(queue->items);
	*queue = (struct queue){ 0 };
}

static bool put_locked(struct queue *queue, void *item)
{
	if (queue->closed || queue->count == queue->cap)
		return false;
	queue->items[(queue->head + queue->count++) % queue->cap] = item;
	pthread_cond_signal(&queue->not_empty);
	return true;
}

bool queue_put(struct queue *queue, void *item)
{
	bool done;

	pthread_mutex_lock(&queue->lock);
	while (!queue->closed && queue->count == queue->cap)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	done = put_locked(queue, item);
	pthread_mutex_unlock(&queue->lock);
	return done;
}

bool queue_put_now(struct queue *queue, void *item)
{
	bool done;

	pthread_mutex_lock(&queue->lock);
	done = put_locked(queue, item);
	pthread_mutex_unlock(&queue->lock);
	return done;
}

void *queue_take(struct queue *queue)
{
	void *item = NULL;

	pthread_mutex_lock(&queue->lock);
	while (!queue->closed && queue->count == 0)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	if (queue->count) {
		item = queue->items[queue->head];
		queue->head = (queue->head + 1) % queue->cap;
		queue->count--;
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return item;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->not_empty);
	pthread_cond_broadcast(&queue->not_full);
	pthread_mutex_unlock(&queue->lock);
}
