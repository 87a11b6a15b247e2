/* labelset: the labels of a series while they are collected: sorted, each name once. */
#include "ingest/labelset.h"

#include <string.h>

#include "base/hash.h"

void labelset_init(struct labelset *set, struct arena *arena)
{
	*set = (struct labelset){ .arena = arena };
}

static bool is_good(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

/* A copy that PromQL can say; a name that begins with a digit gets a _ before it. */
static struct view good_name(struct arena *arena, struct view name)
{
	bool add = name.len && name.at[0] >= '0' && name.at[0] <= '9';
	char *copy = arena_alloc(arena, name.len + add + 1);

	if (!copy)
		return (struct view){ 0 };
	copy[0] = '_';
	for (size_t i = 0; i < name.len; i++)
		copy[i + add] = is_good(name.at[i], i + add == 0) ? name.at[i] : '_';
	return (struct view){ copy, name.len + add };
}

/* The place of the name, or where it would be. */
static size_t find(const struct labelset *set, struct view name, bool *ret_found)
{
	size_t i = 0;
	int order = 1;

	while (i < set->n && (order = view_compare(set->at[i].name, name)) < 0)
		i++;
	*ret_found = i < set->n && order == 0;
	return i;
}

static void take_away(struct labelset *set, size_t at)
{
	set->n--;
	memmove(&set->at[at], &set->at[at + 1], (set->n - at) * sizeof(set->at[0]));
}

bool labelset_set(struct labelset *set, struct view name, struct view value)
{
	struct view good = good_name(set->arena, name);
	const char *copy = arena_copy(set->arena, value);
	bool found;
	size_t at;

	if (!good.at || !copy) {
		set->failed = true;
		return true;
	}
	at = find(set, good, &found);
	if (!value.len) {
		if (found)
			take_away(set, at);
		return true;
	}
	if (!found) {
		if (set->n == LABELSET_MAX)
			return false;
		memmove(&set->at[at + 1], &set->at[at], (set->n - at) * sizeof(set->at[0]));
		set->n++;
	}
	set->at[at] = (struct store_label){ good, { copy, value.len } };
	return true;
}

struct view labelset_find(const struct labelset *set, const char *name)
{
	bool found;
	size_t at = find(set, view_of(name), &found);

	return found ? set->at[at].value : VIEW("");
}

void labelset_remove(struct labelset *set, const char *name)
{
	bool found;
	size_t at = find(set, view_of(name), &found);

	if (found)
		take_away(set, at);
}

void labelset_copy(struct labelset *to, const struct labelset *from)
{
	memcpy(to->at, from->at, from->n * sizeof(from->at[0]));
	to->n = from->n;
	to->failed = from->failed;
}

struct store_labels labelset_view(const struct labelset *set)
{
	return (struct store_labels){ set->at, set->n };
}

uint64_t labelset_hash(const struct labelset *set)
{
	uint64_t hash = set->n;

	for (size_t i = 0; i < set->n; i++)
		hash = hash_pair(
			hash_pair(hash, hash_view(set->at[i].name)), hash_view(set->at[i].value));
	return hash;
}

int labelset_check(const struct labelset *set, const struct limits *limits, struct refusal *refusal)
{
	if (set->failed)
		return refusal_set(refusal, 503, "out of memory");
	if (set->n > limits->labels)
		return refusal_set(refusal, 422,
			"%zu labels; the limit is %llu (limits.labels); the last is '%.*s'", set->n,
			(unsigned long long)limits->labels, (int)set->at[set->n - 1].name.len,
			set->at[set->n - 1].name.at);
	for (size_t i = 0; i < set->n; i++) {
		struct view name = set->at[i].name, value = set->at[i].value;

		if (name.len > limits->label_name_bytes)
			return refusal_set(refusal, 422,
				"the label '%.40s…' has a name of %zu bytes; the limit is %llu "
				"(limits.label_name_bytes)",
				name.at, name.len, (unsigned long long)limits->label_name_bytes);
		if (value.len > limits->label_value_bytes)
			return refusal_set(refusal, 422,
				"the label '%.*s' has a value of %zu bytes; the limit is %llu "
				"(limits.label_value_bytes)",
				(int)name.len, name.at, value.len,
				(unsigned long long)limits->label_value_bytes);
	}
	return 0;
}
