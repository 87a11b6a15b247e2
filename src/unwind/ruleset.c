/* ruleset: distinct unwind rules, numbered. */
#include "unwind/ruleset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define FIRST_SLOTS 256u

_Static_assert(sizeof(struct unwind_rule) == 16, "a rule is compared and hashed as 16 bytes");

bool ruleset_init(struct ruleset *set, struct unwind_rule *memory, uint32_t max)
{
	static const struct unwind_rule first[] = {
		[RULESET_NONE] = { .cfa = UNWIND_CFA_NONE },
		[RULESET_UNSUPPORTED] = { .cfa = UNWIND_CFA_UNSUPPORTED },
	};

	assert(max >= 2 && max <= UNWIND_RULES_MAX);
	*set = (struct ruleset){
		.rules = memory, .max = max, .cap = memory ? max : 0, .owned = !memory
	};
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		ruleset_add(set, &first[i]);
	if (set->overflow == 0)
		return true;
	ruleset_fini(set);
	return false;
}

void ruleset_fini(struct ruleset *set)
{
	if (set->owned)
		free(set->rules);
	free(set->slots);
	*set = (struct ruleset){ 0 };
}

static uint32_t slot_of(const struct ruleset *set, const struct unwind_rule *rule)
{
	uint64_t halves[2];

	memcpy(halves, rule, sizeof(halves));
	return (uint32_t)hash_pair(halves[0], halves[1]) & (set->n_slots - 1);
}

static bool grow_slots(struct ruleset *set)
{
	uint32_t n_slots = set->n_slots ? 2 * set->n_slots : FIRST_SLOTS;
	uint32_t *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return false;
	free(set->slots);
	set->slots = slots;
	set->n_slots = n_slots;
	for (uint32_t i = 0; i < set->count; i++) {
		uint32_t at = slot_of(set, &set->rules[i]);

		while (slots[at])
			at = (at + 1) & (n_slots - 1);
		slots[at] = i + 1;
	}
	return true;
}

static bool grow_rules(struct ruleset *set)
{
	uint32_t cap = set->cap ? 2 * set->cap : FIRST_SLOTS / 2;
	struct unwind_rule *rules;

	cap = cap < set->max ? cap : set->max;
	rules = cap > set->count ? realloc(set->rules, cap * sizeof(*rules)) : NULL;
	if (!rules)
		return false;
	set->rules = rules;
	set->cap = cap;
	return true;
}

/* At most half of the slots are taken. */
static bool make_room(struct ruleset *set)
{
	if (set->count == set->cap && !(set->owned && grow_rules(set)))
		return false;
	return 2 * set->count < set->n_slots || grow_slots(set);
}

/* The slot that holds an equal rule, or the free one where it belongs. */
static uint32_t *find(const struct ruleset *set, const struct unwind_rule *rule)
{
	uint32_t at = slot_of(set, rule);

	while (set->slots[at] && memcmp(&set->rules[set->slots[at] - 1], rule, sizeof(*rule)) != 0)
		at = (at + 1) & (set->n_slots - 1);
	return &set->slots[at];
}

uint32_t ruleset_add(struct ruleset *set, const struct unwind_rule *rule)
{
	uint32_t *slot = set->n_slots ? find(set, rule) : NULL;

	if (slot && *slot)
		return *slot - 1;
	if (!make_room(set)) {
		set->overflow++;
		return RULESET_UNSUPPORTED;
	}
	slot = find(set, rule);
	set->rules[set->count] = *rule;
	*slot = ++set->count;
	return set->count - 1;
}
