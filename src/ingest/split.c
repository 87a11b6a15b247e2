/* split: the samples of a profile by the series that their labels make. */
#include "ingest/split.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"

struct splitter {
	const struct profile *profile;
	const struct labelset *base;
	const struct limits *limits;
	bool samples_count_more;
	uint8_t *ignored;    /* owned; of a string: 1 as a key it is no series' label, 2 it is */
	uint32_t *group_of;  /* owned; of a label set */
	uint32_t *first_set; /* owned; of a group */
	size_t n_groups;
};

static bool stays_with_sample(struct view key)
{
	return view_equal(key, VIEW("trace_id")) || view_equal(key, VIEW("span_id")) ||
	       view_equal(key, VIEW("profile_id")) || view_starts(key, VIEW("__")) || !key.len;
}

static bool makes_series(struct splitter *s, const struct label *label)
{
	struct view key;
	uint8_t *known = &s->ignored[label->key];

	if (*known == 0) {
		key = profile_text(s->profile, label->key);
		*known = stays_with_sample(key) || key.len > s->limits->label_name_bytes ? 1 : 2;
	}
	return *known == 2 && label->str &&
	       profile_text(s->profile, label->str).len <= s->limits->label_value_bytes;
}

/* What of the label set makes a series, as one number; 0 = nothing. */
static uint64_t key_of(struct splitter *s, uint32_t set)
{
	const struct label_set *labels = &s->profile->label_sets[set];
	uint64_t key = 0;

	for (uint32_t i = 0; i < labels->count; i++) {
		const struct label *label = &s->profile->labels[labels->first + i];

		if (makes_series(s, label))
			key = hash_keyed_pair(key + 1, (uint64_t)label->key << 32 | label->str);
	}
	return key;
}

static bool group_sets(struct splitter *s)
{
	MAP_AUTO groups = { 0 };

	s->n_groups = 0;
	for (uint32_t set = 0; set < s->profile->n_label_sets; set++) {
		bool is_new;
		uint64_t *group = map_add(&groups, key_of(s, set), &is_new);

		if (!group)
			return false;
		if (is_new) {
			s->first_set[s->n_groups] = set;
			*group = s->n_groups++;
		}
		s->group_of[set] = (uint32_t)*group;
	}
	return true;
}

/* The key with the most values, PROFILE_NONE without memory or without any. */
static uint32_t worst_key(struct splitter *s)
{
	MAP_AUTO pairs = { 0 };
	MAP_AUTO counts = { 0 };
	uint64_t most = 0;
	uint32_t worst = PROFILE_NONE;

	for (size_t i = 0; i < s->profile->n_labels; i++) {
		const struct label *label = &s->profile->labels[i];
		uint64_t *count;
		bool is_new;

		if (!makes_series(s, label) ||
			!map_add(&pairs, (uint64_t)label->key << 32 | label->str, &is_new) ||
			!is_new)
			continue;
		count = map_add(&counts, label->key, NULL);
		if (count && ++*count > most) {
			most = *count;
			worst = label->key;
		}
	}
	return worst;
}

static void label_group(struct splitter *s, uint32_t set, struct labelset *into)
{
	const struct label_set *labels = &s->profile->label_sets[set];

	*into = (struct labelset){ .arena = s->base->arena };
	labelset_copy(into, s->base);
	for (uint32_t i = 0; i < labels->count; i++) {
		const struct label *label = &s->profile->labels[labels->first + i];

		if (makes_series(s, label) && into->n < s->limits->labels)
			labelset_set(into, profile_text(s->profile, label->key),
				profile_text(s->profile, label->str));
	}
	for (size_t i = 0; !s->samples_count_more && i < s->base->n; i++)
		labelset_set(into, s->base->at[i].name, s->base->at[i].value);
}

static bool fill_groups(struct splitter *s, struct split *ret)
{
	struct arena *arena = s->base->arena;
	const struct profile *p = s->profile;
	struct split_group *groups = arena_alloc(arena, s->n_groups * sizeof(*groups));
	uint32_t *room = arena_alloc(arena, (p->n_samples + 1) * sizeof(*room));

	if (!groups || !room)
		return false;
	for (size_t i = 0; i < p->n_samples; i++)
		groups[s->group_of[p->samples[i].labels]].n_samples++;
	for (size_t i = 0; i < s->n_groups; i++) {
		groups[i].samples = room;
		room += groups[i].n_samples;
		groups[i].n_samples = 0;
		label_group(s, s->first_set[i], &groups[i].labels);
	}
	for (uint32_t i = 0; i < p->n_samples; i++) {
		struct split_group *group = &groups[s->group_of[p->samples[i].labels]];

		group->samples[group->n_samples++] = i;
	}
	ret->groups = groups;
	return true;
}

/* Groups without samples are none: label set 0 stands for no labels and may be nobody's. */
static void drop_empty(struct splitter *s, struct split *ret)
{
	for (size_t i = 0; i < s->n_groups; i++)
		if (ret->groups[i].n_samples)
			ret->groups[ret->n_groups++] = ret->groups[i];
}

static bool one_group(const struct labelset *base, struct split *ret)
{
	ret->groups = arena_alloc(base->arena, sizeof(*ret->groups));
	if (!ret->groups)
		return false;
	ret->groups[0].labels = *base;
	ret->n_groups = 1;
	return true;
}

static bool split(struct splitter *s, struct split *ret)
{
	if (!group_sets(s))
		return false;
	while (s->n_groups > s->limits->profile_series + 1) {
		uint32_t worst = worst_key(s);

		if (worst == PROFILE_NONE)
			return false;
		if (!ret->n_left_out++)
			ret->left_out = profile_text(s->profile, worst);
		s->ignored[worst] = 1;
		if (!group_sets(s))
			return false;
	}
	if (s->n_groups == 1)
		return one_group(s->base, ret);
	if (!fill_groups(s, ret))
		return false;
	drop_empty(s, ret);
	return true;
}

bool split_samples(const struct profile *profile, const struct labelset *base,
	bool samples_count_more, const struct limits *limits, struct split *ret)
{
	struct splitter s = { .profile = profile,
		.base = base,
		.limits = limits,
		.samples_count_more = samples_count_more };
	bool ok;

	*ret = (struct split){ 0 };
	if (profile->n_label_sets <= 1)
		return one_group(base, ret);
	s.ignored = calloc(profile->strings.count + 1, 1);
	s.group_of = calloc(profile->n_label_sets, sizeof(*s.group_of));
	s.first_set = calloc(profile->n_label_sets, sizeof(*s.first_set));
	ok = s.ignored && s.group_of && s.first_set && split(&s, ret);
	free(s.ignored);
	free(s.group_of);
	free(s.first_set);
	return ok;
}
