/* gather_name: what is kept becomes a profile, and only then has names. */
#include <stdlib.h>

#include "model/frames.h"
#include "query/gather_impl.h"

/* What a sum's stacks are in the profile. */
struct naming_of_sum {
	struct gathering *g;
	const struct gather_sum *sum;
	uint32_t *stack;    /* of a node; PROFILE_NONE if it is cut off */
	uint32_t *location; /* of a frame, plus one; 0 = not asked for */
	int64_t *other;     /* what was cut off below a node */
	uint32_t labels;
};

static uint32_t location_of(struct naming_of_sum *n, uint32_t frame)
{
	if (!n->location[frame])
		n->location[frame] =
			dictionary_location(n->sum->of.dictionary, frame, n->g->into) + 1;
	return n->location[frame] - 1;
}

/* A group without a value of a label has no label: who draws it says so. */
static uint32_t labels_of(struct gathering *g, const struct gather_sum *sum)
{
	const struct gather_options *o = g->options;
	struct label labels[GROUPS_LABELS_MAX];
	bool is_rest = sum->slot + 1 == g->n_slots;
	size_t n = 0;

	for (size_t i = 0; i < o->n_group; i++) {
		struct view value =
			is_rest ? VIEW(GATHER_OTHERS)
				: groups_value(&g->groups, g->slots[sum->slot].group, i);

		if (value.len)
			labels[n++] = (struct label){ .key = profile_string(g->into, o->group[i]),
				.str = profile_string(g->into, value) };
	}
	return profile_labels(g->into, labels, n);
}

/* A frame for each label's value; STACK_EMPTY without groups. */
static uint32_t root_of(struct gathering *g, const struct gather_sum *sum)
{
	struct profile *into = g->into;
	struct mapping marker = { .file = profile_string(into, VIEW(FRAMES_GROUP_FILE)) };
	struct location location = { .mapping = profile_mapping(into, &marker), .n_lines = 1 };
	uint32_t stack = STACK_EMPTY;

	for (size_t i = 0; i < g->options->n_group; i++) {
		struct function function = { .file = profile_string(into, g->options->group[i]) };
		struct line line = { 0 };
		BUF_AUTO name = { 0 };

		gather_group_name(g, sum, i, &name);
		function.name = function.system_name = profile_string(into, buf_view(&name));
		line.function = profile_function(into, &function);
		stack = profile_push(into, stack, profile_location(into, &location, &line));
	}
	return stack;
}

static void leave_out(struct naming_of_sum *n, uint32_t parent, size_t i)
{
	n->other[parent] = sums_plus(n->other[parent], n->sum->of.total[i]);
	if (gather_is_below(n->g, n->sum, i))
		n->g->figures.weight_cut += n->sum->of.weight[i];
}

static void place(struct naming_of_sum *n, size_t i)
{
	uint32_t parent = n->sum->of.nodes[i].parent;

	n->stack[i] = PROFILE_NONE;
	if (n->stack[parent] == PROFILE_NONE || n->sum->of.weight[i] == 0)
		return;
	if (!gather_keeps(n->g, n->sum, i))
		leave_out(n, parent, i);
	else
		n->stack[i] = profile_push(
			n->g->into, n->stack[parent], location_of(n, n->sum->of.nodes[i].frame));
}

static void give(struct naming_of_sum *n, size_t i, uint32_t other)
{
	struct profile *into = n->g->into;

	if (n->stack[i] == PROFILE_NONE)
		return;
	if (n->sum->of.self[i])
		profile_add(into, n->stack[i], n->labels, &n->sum->of.self[i]);
	if (n->other[i])
		profile_add(into, profile_push(into, n->stack[i], other), n->labels, &n->other[i]);
}

int gather_name(struct gathering *g, const struct gather_sum *sum)
{
	size_t n_frames = dictionary_frames(sum->of.dictionary);
	struct naming_of_sum n = { .g = g, .sum = sum };
	uint32_t other = profile_named(g->into, VIEW(GATHER_OTHER));
	struct budget *budget = g->options->select->budget;
	size_t bytes =
		sum->of.n * (sizeof(*n.stack) + sizeof(*n.other)) + n_frames * sizeof(*n.location);
	int rc = budget_check(budget, g->err);

	if (rc == 0 && !budget_take(budget, bytes))
		rc = gather_no_memory(g);
	if (rc < 0)
		return rc;
	n.stack = calloc(sum->of.n + 1, sizeof(*n.stack));
	n.other = calloc(sum->of.n + 1, sizeof(*n.other));
	n.location = calloc(n_frames + 1, sizeof(*n.location));
	if (!n.stack || !n.other || !n.location) {
		rc = gather_no_memory(g);
	} else {
		n.labels = g->options->group_as_frames ? 0 : labels_of(g, sum);
		n.stack[0] = g->options->group_as_frames ? root_of(g, sum) : STACK_EMPTY;
		for (size_t i = 1; i < sum->of.n; i++)
			place(&n, i);
		for (size_t i = 0; i < sum->of.n; i++)
			give(&n, i, other);
		if (g->into->failed)
			rc = gather_no_memory(g);
	}
	free(n.stack);
	free(n.other);
	free(n.location);
	budget_give(budget, bytes);
	return rc;
}
