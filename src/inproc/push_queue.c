/* push_queue: profiles that wait in memory, the oldest first, up to a limit of bytes. */
#include "inproc/push_queue.h"

#include "inproc/push_item.h"

static void keep_limit(struct push_queue *queue)
{
	while (queue->first && queue->bytes > queue->bytes_max) {
		push_item_free(push_queue_take(queue));
		queue->dropped++;
	}
}

void push_queue_add(struct push_queue *queue, struct push_item *item)
{
	item->next = NULL;
	if (queue->first)
		queue->last->next = item;
	else
		queue->first = item;
	queue->last = item;
	queue->n++;
	queue->bytes += push_item_size(item);
	keep_limit(queue);
}

void push_queue_put_back(struct push_queue *queue, struct push_item *item)
{
	item->next = queue->first;
	if (!queue->first)
		queue->last = item;
	queue->first = item;
	queue->n++;
	queue->bytes += push_item_size(item);
	keep_limit(queue);
}

struct push_item *push_queue_take(struct push_queue *queue)
{
	struct push_item *item = queue->first;

	if (!item)
		return NULL;
	queue->first = item->next;
	queue->n--;
	queue->bytes -= push_item_size(item);
	return item;
}
