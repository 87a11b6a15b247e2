/* dictionary_fill: in the place of what was lost, names that say so. */
#include <stdio.h>

#include "store/dictionary_tables.h"

#define LOST "[lost]"
#define NAMED_LATER (UINT32_MAX - 1) /* the frame of nodes that dictionary_fill made */

void dictionary_tables_lose(struct store_dictionary *dictionary, size_t n_nodes)
{
	struct stacks *stacks = &dictionary->tables->stacks;

	while (stacks->count < n_nodes)
		stacks->nodes[stacks->count++] = (struct stack_node){ 0, dictionary->lost };
	atomic_store_explicit(&dictionary->n_nodes, stacks->count, memory_order_release);
}

/* Texts are numbered, because equal ones would be one. */
static bool fill_strings(struct profile *tables, size_t to)
{
	while ((tables->strings.count ? tables->strings.count : 1) < to) {
		size_t id = tables->strings.count ? tables->strings.count : 1;
		char text[32];

		snprintf(text, sizeof(text), LOST " %zu", id);
		if (profile_string(tables, view_of(text)) != id)
			return false;
	}
	return true;
}

/* Lines tell apart what is called the same. */
static uint32_t add_lost(struct profile *tables, uint32_t name)
{
	struct function function = {
		.name = name, .system_name = name, .start_line = (int64_t)tables->n_functions
	};
	struct line line = { .function = profile_function(tables, &function),
		.line = (int64_t)tables->n_locations };
	struct location location = { .n_lines = 1 };

	return profile_location(tables, &location, &line);
}

static uint32_t lost_frame(struct store_dictionary *dictionary)
{
	struct profile *tables = dictionary->tables;

	if (dictionary->lost == PROFILE_NONE)
		dictionary->lost = add_lost(tables, profile_string(tables, VIEW(LOST)));
	return dictionary->lost;
}

/* Of texts that no real one has together. */
static bool fill_mappings(struct profile *tables, uint32_t name, size_t to)
{
	while (tables->n_mappings < to) {
		size_t id = tables->n_mappings;
		struct mapping mapping = { .file = name,
			.build_id = (uint32_t)(id % tables->strings.count) };

		if (profile_mapping(tables, &mapping) != id)
			return false;
	}
	return true;
}

static bool fill_frames(struct profile *tables, uint32_t name, const struct dictionary_mark *to)
{
	while (tables->n_functions < to->functions) {
		size_t id = tables->n_functions;
		struct function function = {
			.name = name, .system_name = name, .start_line = (int64_t)id
		};

		if (profile_function(tables, &function) != id)
			return false;
	}
	while (tables->n_locations < to->locations) {
		size_t id = tables->n_locations;
		struct line line = { .function = (uint32_t)to->functions - 1, .line = (int64_t)id };
		struct location location = { .n_lines = 1 };

		if (to->functions == 0 || profile_location(tables, &location, &line) != id)
			return false;
	}
	return true;
}

static bool fill(struct store_dictionary *dictionary, const struct dictionary_mark *to)
{
	struct profile *tables = dictionary->tables;
	uint32_t name = tables->strings.count ? (uint32_t)tables->strings.count : 1;

	if (!fill_strings(tables, to->strings))
		return false;
	if (name >= to->strings)
		name = 0;
	if (!fill_mappings(tables, name, to->mappings) || !fill_frames(tables, name, to))
		return false;
	while (tables->stacks.count < to->nodes)
		tables->stacks.nodes[tables->stacks.count++] =
			(struct stack_node){ 0, NAMED_LATER };
	atomic_store_explicit(&dictionary->n_nodes, tables->stacks.count, memory_order_release);
	return !tables->failed;
}

bool dictionary_fill(struct store_dictionary *dictionary, const struct dictionary_mark *to)
{
	struct dictionary_mark now;
	bool ok;

	dictionary_mark(dictionary, &now);
	if (now.strings > to->strings || now.mappings > to->mappings ||
		now.functions > to->functions || now.locations > to->locations ||
		now.nodes > to->nodes || to->nodes > dictionary->nodes_max)
		return false;
	pthread_rwlock_wrlock(dictionary->lock);
	ok = fill(dictionary, to);
	pthread_rwlock_unlock(dictionary->lock);
	return ok;
}

bool dictionary_fill_nodes(struct store_dictionary *dictionary, size_t n_nodes)
{
	struct stacks *stacks = &dictionary->tables->stacks;
	bool ok;

	if (n_nodes > dictionary->nodes_max)
		return false;
	pthread_rwlock_wrlock(dictionary->lock);
	ok = lost_frame(dictionary) != PROFILE_NONE && !dictionary->tables->failed;
	for (size_t i = 1; ok && i < stacks->count; i++)
		if (stacks->nodes[i].location == NAMED_LATER)
			stacks->nodes[i].location = dictionary->lost;
	if (ok)
		dictionary_tables_lose(dictionary, n_nodes);
	pthread_rwlock_unlock(dictionary->lock);
	return ok;
}
