/*
 * ruleset: distinct unwind rules, numbered.
 *
 * Programs have few: eight of Debian's largest have 2,626 between them. One past the limit
 * becomes RULESET_UNSUPPORTED and is counted.
 */
#ifndef UNWIND_RULESET_H
#define UNWIND_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/unwind_abi.h"

#define RULESET_NONE 0u        /* the number of {UNWIND_CFA_NONE} */
#define RULESET_UNSUPPORTED 1u /* the number of {UNWIND_CFA_UNSUPPORTED} */

struct ruleset {
	struct unwind_rule *rules; /* owned, or borrowed if it was given */
	uint32_t count, cap, max;
	uint32_t *slots; /* owned; a rule's number + 1 */
	uint32_t n_slots;
	size_t overflow; /* rules that found no room, or no memory */
	bool owned;
};

/* `memory` holds `max` rules (2 … UNWIND_RULES_MAX) and outlives the set; NULL = the set's own.
 * False without memory. */
bool ruleset_init(struct ruleset *set, struct unwind_rule *memory, uint32_t max);
void ruleset_fini(struct ruleset *set);

/* The number of an equal rule. Fields that the rule's kind does not use must be 0. */
uint32_t ruleset_add(struct ruleset *set, const struct unwind_rule *rule);

#endif
