/* profile_labels: sets of labels, each once. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"
#include "model/profile.h"

static int compare_labels(const void *left, const void *right, void *owner)
{
	const struct profile *profile = owner;
	const struct label *a = left, *b = right;
	int order = view_compare(profile_text(profile, a->key), profile_text(profile, b->key));

	if (order == 0)
		order = view_compare(profile_text(profile, a->str), profile_text(profile, b->str));
	if (order == 0)
		order = (a->num > b->num) - (a->num < b->num);
	if (order == 0)
		order = (a->unit > b->unit) - (a->unit < b->unit);
	return order;
}

struct wanted_labels {
	const struct label *labels;
	size_t n;
};

static bool same_labels(const void *owner, uint32_t id, const void *wanted)
{
	const struct profile *profile = owner;
	const struct wanted_labels *want = wanted;
	const struct label_set *set = &profile->label_sets[id];

	if (set->count != want->n)
		return false;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *a = &profile->labels[set->first + i], *b = &want->labels[i];

		if (a->key != b->key || a->str != b->str || a->num != b->num || a->unit != b->unit)
			return false;
	}
	return true;
}

static uint64_t hash_label(uint64_t hash, const struct label *label)
{
	hash = hash_keyed_pair(hash, (uint64_t)label->key << 32 | label->str);
	return hash_keyed_pair(hash, hash_keyed_pair((uint64_t)label->num, label->unit));
}

static uint32_t fail(struct profile *profile)
{
	profile->failed = true;
	return PROFILE_NONE;
}

uint32_t profile_labels(struct profile *profile, struct label *labels, size_t n)
{
	const struct wanted_labels wanted = { labels, n };
	uint64_t hash = n;
	struct label_set *added;
	uint32_t id;

	if (n == 0)
		return 0;
	qsort_r(labels, n, sizeof(*labels), compare_labels, profile);
	for (size_t i = 0; i < n; i++)
		hash = hash_label(hash, &labels[i]);

	id = intern_find(&profile->label_set_set, hash, same_labels, profile, &wanted);
	if (id != INTERN_NONE)
		return id;
	id = (uint32_t)profile->n_label_sets;
	if (!VEC_FITS(profile->labels, profile->cap_labels, profile->n_labels + n))
		return fail(profile);
	added = VEC_ADD(profile->label_sets, profile->n_label_sets, profile->cap_label_sets);
	if (!added)
		return fail(profile);
	*added = (struct label_set){ .first = (uint32_t)profile->n_labels, .count = (uint32_t)n };
	memcpy(&profile->labels[profile->n_labels], labels, n * sizeof(*labels));
	profile->n_labels += n;
	return intern_add(&profile->label_set_set, hash, id) ? id : fail(profile);
}
