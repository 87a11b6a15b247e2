/* tree_cache: the few trees of a profile that a reader looks at, built when first asked for. */
#include "server/tree_cache.h"

static void empty(struct tree_cache_entry *entry)
{
	tree_fini(&entry->tree);
	*entry = (struct tree_cache_entry){ 0 };
}

int tree_cache_get(struct tree_cache *cache, size_t type, uint32_t group, const struct tree **ret,
	struct err *err)
{
	struct tree_options options = {
		.type = type, .base_type = -1, .group_by = &group, .n_group_by = group != 0
	};
	struct tree_cache_entry *oldest = &cache->entries[0];
	int rc;

	for (size_t i = 0; i < TREE_CACHE_SIZE; i++) {
		struct tree_cache_entry *entry = &cache->entries[i];

		if (entry->used && entry->type == type && entry->group == group) {
			entry->used = ++cache->clock;
			*ret = &entry->tree;
			return 0;
		}
		if (entry->used < oldest->used)
			oldest = entry;
	}
	empty(oldest);
	rc = tree_build(cache->profile, &options, &oldest->tree, err);
	if (rc < 0) {
		empty(oldest);
		return rc;
	}
	oldest->type = type;
	oldest->group = group;
	oldest->used = ++cache->clock;
	*ret = &oldest->tree;
	return 0;
}

void tree_cache_fini(struct tree_cache *cache)
{
	for (size_t i = 0; i < TREE_CACHE_SIZE; i++)
		empty(&cache->entries[i]);
}
