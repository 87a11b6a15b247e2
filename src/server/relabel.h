/*
 * relabel: labels made from labels, by Prometheus' relabel_configs.
 *
 * A rule joins the values of its source labels with a separator and matches the whole of that with
 * its expression; its action says what then happens. Actions: replace, keep, drop, hashmod,
 * labelmap, labeldrop, labelkeep, lowercase, uppercase, keepequal, dropequal. (hashmod takes the
 * last 8 bytes of the MD5, big-endian, as Prometheus does, so that both choose the same shards.)
 */
#ifndef SERVER_RELABEL_H
#define SERVER_RELABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"
#include "wire/conf.h"

#define RELABEL_LABELS_MAX 128u

/* Labels that change: sorted by name, none with an empty value. Texts live in the arena. */
struct relabel_set {
	struct store_label at[RELABEL_LABELS_MAX];
	size_t n;
	struct arena *arena;
	bool failed; /* past RELABEL_LABELS_MAX, or without memory */
};

struct view relabel_get(const struct relabel_set *set, struct view name); /* "" if not there */

/* Copies both. An empty value takes the label away. */
void relabel_put(struct relabel_set *set, struct view name, struct view value);

/* As it stands in a configuration; `compiled` is filled by relabel_prepare. */
struct relabel_rule {
	uint32_t line;
	struct conf_texts source_labels;
	const char *separator, *regex, *target_label, *replacement;
	uint64_t modulus;
	int action;
	struct pattern *compiled;
};

extern const struct conf_struct relabel_rule_conf; /* for CONF_STRUCTS */

/* Compiles the expressions; ERR_USAGE with the line of a rule that makes no sense. */
int relabel_prepare(struct relabel_rule *rules, size_t n, struct err *err);
void relabel_release(struct relabel_rule *rules, size_t n);

/* False: drop it. The rules are for one thread at a time. */
bool relabel(const struct relabel_rule *rules, size_t n, struct relabel_set *set);

#endif
