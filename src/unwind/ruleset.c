/* ruleset: distinct unwind rules, numbered. */
#include "unwind/ruleset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

_Static_assert(sizeof(struct unwind_rule) == 16, "a rule is compared and hashed as 16 bytes");

bool ruleset_init(struct ruleset *set, struct unwind_rule *memory, uint32_t max)
{
	static const struct unwind_rule first[] = {
		[RULESET_NONE] = { .cfa = UNWIND_CFA_NONE },
		[RULESET_UNSUPPORTED] = { .cfa = UNWIND_CFA_UNSUPPORTED },
	};

	assert(max >= 2 && max <= UNWIND_RULES_MAX);
	*set = (struct ruleset){ .rules = memory, .max = max, .owned = !memory, .n_slots = 4 };
	while (set->n_slots < 2 * max)
		set->n_slots *= 2;
	if (!memory)
		set->rules = malloc(max * sizeof(*set->rules));
	set->slots = calloc(set->n_slots, sizeof(*set->slots));
	if (!set->rules || !set->slots) {
		ruleset_fini(set);
		return false;
	}
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		ruleset_add(set, &first[i]);
	return true;
}

void ruleset_fini(struct ruleset *set)
{
	if (set->owned)
		free(set->rules);
	free(set->slots);
	*set = (struct ruleset){ 0 };
}

uint32_t ruleset_add(struct ruleset *set, const struct unwind_rule *rule)
{
	uint64_t halves[2];
	uint32_t at;

	memcpy(halves, rule, sizeof(halves));
	at = (uint32_t)hash_pair(halves[0], halves[1]) & (set->n_slots - 1);
	for (; set->slots[at]; at = (at + 1) & (set->n_slots - 1))
		if (memcmp(&set->rules[set->slots[at] - 1], rule, sizeof(*rule)) == 0)
			return set->slots[at] - 1;
	if (set->count == set->max) {
		set->overflow++;
		return RULESET_UNSUPPORTED;
	}
	set->rules[set->count] = *rule;
	set->slots[at] = ++set->count;
	return set->count - 1;
}
