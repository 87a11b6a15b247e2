/* plain_space: memory for unwind tables where there is no BPF. */
#include "sampler/plain_space.h"

#include <stdlib.h>

int plain_space_open(struct plain_space *space, struct err *err)
{
	*space = (struct plain_space){ 0 };
	space->pages = calloc(UNWIND_PAGES_MAX, sizeof(*space->pages));
	space->rules = calloc(UNWIND_RULES_MAX, sizeof(*space->rules));
	if (space->pages && space->rules)
		return 0;
	plain_space_close(space);
	return err_set(err, ERR_NOMEM, "out of memory");
}

void plain_space_close(struct plain_space *space)
{
	for (size_t i = 0; i < UNWIND_SHARDS_MAX; i++)
		free(space->shards[i]);
	free(space->pages);
	free(space->rules);
	*space = (struct plain_space){ 0 };
}

static struct unwind_row *new_shard(void *owner, uint32_t index)
{
	struct plain_space *space = owner;

	space->shards[index] = calloc(UNWIND_SHARD_ROWS, sizeof(struct unwind_row));
	return space->shards[index];
}

static void drop_shard(void *owner, uint32_t index)
{
	struct plain_space *space = owner;

	free(space->shards[index]);
	space->shards[index] = NULL;
}

struct unwind_space_memory plain_space_memory(struct plain_space *space)
{
	return (struct unwind_space_memory){ .new_shard = new_shard,
		.drop_shard = drop_shard,
		.owner = space,
		.pages = space->pages,
		.rules = space->rules,
		.n_pages_max = UNWIND_PAGES_MAX,
		.n_shards_max = UNWIND_SHARDS_MAX };
}
