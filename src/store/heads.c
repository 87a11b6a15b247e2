/* heads: which profiles are rows still, and whether one has come before. */
#include "store/heads.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"
#include "store/rocks_keys.h"

static uint64_t key_of(uint32_t series, uint32_t bucket)
{
	return (uint64_t)series << 32 | bucket;
}

static uint64_t seen_key(uint32_t series, int64_t begin_ns, uint64_t short_id)
{
	return hash_keyed_pair(hash_keyed_pair(series, (uint64_t)begin_ns), short_id);
}

static void forget(struct heads *heads, struct head *head)
{
	for (size_t i = 0; i < head->n_known; i++)
		map_remove(&heads->seen, head->known[i]);
	map_remove(&heads->of, key_of(head->series, head->bucket));
	heads->n_rows -= head->n_rows;
	heads->generation++;
	free(head->known);
	free(head);
}

void heads_fini(struct heads *heads)
{
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&heads->of, &cursor));) {
		struct head *head = (struct head *)(uintptr_t)slot->value;

		free(head->known);
		free(head);
	}
	map_fini(&heads->of);
	map_fini(&heads->seen);
	*heads = (struct heads){ .generation = heads->generation + 1 };
}

struct head *heads_find(const struct heads *heads, uint32_t series, uint32_t bucket)
{
	uint64_t *found = map_find(&heads->of, key_of(series, bucket));

	return found ? (struct head *)(uintptr_t)*found : NULL;
}

static bool know(struct heads *heads, struct head *head, uint64_t key)
{
	uint64_t *known = VEC_ADD(head->known, head->n_known, head->cap_known);
	uint64_t *seen = known ? map_add(&heads->seen, key, NULL) : NULL;

	if (known && !seen)
		head->n_known--;
	if (!seen)
		return false;
	*known = key;
	*seen = 1;
	return true;
}

enum heads_answer heads_add(struct heads *heads, const struct heads_row *row, int64_t now_ns)
{
	struct head *head = heads_find(heads, row->series, rocks_bucket_of(row->begin_ns));
	uint64_t key = seen_key(row->series, row->begin_ns, row->short_id);

	if (!head)
		return HEADS_UNKNOWN;
	if (map_find(&heads->seen, key))
		return HEADS_AGAIN;
	if (!know(heads, head, key))
		return HEADS_NO_MEMORY;
	head->n_rows++;
	heads->n_rows++;
	head->last_ns = now_ns;
	return HEADS_NEW;
}

bool heads_learn(struct heads *heads, const struct heads_row *row, uint64_t generation,
	const struct block_header *block)
{
	uint32_t bucket = rocks_bucket_of(row->begin_ns);
	struct head *head;
	uint64_t *slot;

	if (generation != heads->generation || heads_find(heads, row->series, bucket))
		return true;
	head = calloc(1, sizeof(*head));
	slot = head ? map_add(&heads->of, key_of(row->series, bucket), NULL) : NULL;
	if (!slot) {
		free(head);
		return false;
	}
	*slot = (uintptr_t)head;
	head->series = row->series;
	head->bucket = bucket;
	for (size_t i = 0; block && i < block->n_profiles; i++) {
		const struct block_profile *profile = &block->profiles[i];

		if (!know(heads, head,
			    seen_key(row->series, profile->begin_ns, profile->short_id))) {
			forget(heads, head);
			return false;
		}
	}
	return true;
}

void heads_remove(struct heads *heads, const struct heads_row *row)
{
	struct head *head = heads_find(heads, row->series, rocks_bucket_of(row->begin_ns));
	uint64_t key = seen_key(row->series, row->begin_ns, row->short_id);

	map_remove(&heads->seen, key);
	for (size_t i = 0; head && i < head->n_known; i++) {
		if (head->known[i] != key)
			continue;
		head->known[i] = head->known[--head->n_known];
		head->n_rows--;
		heads->n_rows--;
		break;
	}
	if (head && head->n_rows == 0)
		forget(heads, head);
}

void heads_folded(struct heads *heads, uint32_t series, uint32_t bucket, size_t n_rows)
{
	struct head *head = heads_find(heads, series, bucket);

	if (!head)
		return;
	if (n_rows >= head->n_rows) {
		forget(heads, head);
		return;
	}
	head->n_rows -= n_rows;
	heads->n_rows -= n_rows;
}
