/* batch: the addresses of one profile, object by object, each object read by one thread. */
#include "symbol/batch.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/queue.h"
#include "base/vec.h"
#include "symbol/objnames.h"

#define THREADS_MAX 64

void batch_fini(struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		free(batch->groups[i].addresses);
	free(batch->groups);
	*batch = (struct batch){ 0 };
}

size_t batch_add_group(struct batch *batch, const struct object *object, struct objnames *names)
{
	struct batch_group *added = VEC_ADD(batch->groups, batch->n, batch->cap);

	if (!added)
		return PTRDIFF_MAX;
	*added = (struct batch_group){ .object = object, .names = names };
	return batch->n - 1;
}

int batch_add(struct batch *batch, size_t group, uint64_t address)
{
	struct batch_group *to = &batch->groups[group];
	uint64_t *added = VEC_ADD(to->addresses, to->n, to->cap);

	if (!added)
		return ERR_NOMEM;
	*added = address;
	return 0;
}

static int by_address(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void sort_once(struct batch_group *group)
{
	size_t n = 0;

	if (group->n)
		qsort(group->addresses, group->n, sizeof(*group->addresses), by_address);
	for (size_t i = 0; i < group->n; i++)
		if (n == 0 || group->addresses[n - 1] != group->addresses[i])
			group->addresses[n++] = group->addresses[i];
	group->n = n;
}

struct work {
	struct queue groups;
	const struct objnames_options *options;
};

static void *serve(void *opaque)
{
	struct work *work = opaque;
	struct batch_group *group;

	while ((group = queue_take(&work->groups))) {
		sort_once(group);
		objnames_resolve(
			group->names, group->object, group->addresses, group->n, work->options);
	}
	return NULL;
}

/* The calling thread works too, so it goes on where no other can be started. */
int batch_run(struct batch *batch, unsigned threads, const struct objnames_options *options)
{
	struct work work = { .options = options };
	pthread_t others[THREADS_MAX];
	unsigned n_others = 0;

	if (queue_init(&work.groups, batch->n + 1) < 0)
		return ERR_NOMEM;
	for (size_t i = 0; i < batch->n; i++)
		queue_put(&work.groups, &batch->groups[i]);
	queue_close(&work.groups);
	while (n_others + 1 < threads && n_others + 1 < batch->n && n_others < THREADS_MAX &&
		pthread_create(&others[n_others], NULL, serve, &work) == 0)
		n_others++;
	serve(&work);
	for (unsigned i = 0; i < n_others; i++)
		pthread_join(others[i], NULL);
	queue_fini(&work.groups);
	return 0;
}
