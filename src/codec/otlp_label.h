/*
 * otlp_label: what an attribute of OpenTelemetry is called here, and what it says.
 */
#ifndef CODEC_OTLP_LABEL_H
#define CODEC_OTLP_LABEL_H

#include "base/arena.h"
#include "codec/otlp_scan.h"

struct otlp_label {
	struct view name; /* "service_name" */
	struct view text; /* or, if is_number, … */
	int64_t number;
	bool is_number;
	struct view unit;
};

/*
 * Names of ours that OpenTelemetry has other words for: "thread" is "thread.name" there. Any other
 * key keeps its letters, digits and '_'; what else it has becomes '_'. The view is the key itself
 * or lies in `arena`; empty without memory.
 */
struct view otlp_label_name(struct view key, struct arena *arena);

/* The other way; a name that has no other word is returned as it is. */
struct view otlp_label_key(struct view name);

/* Whether the attribute says something that fits a label; otherwise *ret is undefined. Lists become
 * texts with commas, what is nested deeper is left out. */
bool otlp_label_read(const struct otlp_columns *c, const struct otlp_attribute *attribute,
	struct arena *arena, struct otlp_label *ret);

/* The text of a value that is one; the items of a value that is a list, until false. */
bool otlp_label_text(const struct otlp_columns *c, struct view value, struct view *ret);
bool otlp_label_next_item(struct proto *list, struct view *ret_value);
struct proto otlp_label_list(struct view value);

/* Whether the value is the boolean true. */
bool otlp_label_is_true(struct view value);

#endif
