/*
 * selection: the part of a profile that the user asks for, in the same words for every command.
 *
 * A command has a `struct selection` in its options and SELECTION_OPTIONS in its table. The
 * rules and their order are those of `go tool pprof`: labels become frames, the total is taken,
 * then names, show-from, labels (model/filter.h).
 */
#ifndef CLI_SELECTION_H
#define CLI_SELECTION_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/option.h"

struct profile;

struct selection {
	const char *type, *focus, *ignore, *hide, *show, *show_from, *group_by;
	struct option_list tag, tag_ignore;
};

/* clang-format off */
#define SELECTION_OPTIONS(s, m) \
	{ 't', "type", OPTION_TEXT(s, m.type), .argument = "TYPE", \
		.help = "which of the profile's values to count: cpu, samples, alloc_space, …" }, \
	{ 0, "focus", OPTION_TEXT(s, m.focus), .argument = "REGEX", \
		.help = "only stacks that pass through a function, file or module that matches" }, \
	{ 0, "ignore", OPTION_TEXT(s, m.ignore), .argument = "REGEX", \
		.help = "no stack that does; stronger than --focus" }, \
	{ 0, "hide", OPTION_TEXT(s, m.hide), .argument = "REGEX", \
		.help = "leave matching frames out; what they took is their callers'" }, \
	{ 0, "show", OPTION_TEXT(s, m.show), .argument = "REGEX", \
		.help = "leave all other frames out" }, \
	{ 0, "show-from", OPTION_TEXT(s, m.show_from), .argument = "REGEX", \
		.help = "begin each stack at the match nearest its root; no stack without one" }, \
	{ 0, "tag", OPTION_LIST(s, m.tag), .argument = "KEY[=REGEX]", \
		.help = "only samples with such a label; several must all match" }, \
	{ 0, "tag-ignore", OPTION_LIST(s, m.tag_ignore), .argument = "KEY[=REGEX]", \
		.help = "no sample with such a label" }, \
	{ 0, "group-by", OPTION_TEXT(s, m.group_by), .argument = "LABEL", \
		.help = "begin each stack with the value of this label: thread, trace_id, …" }
/* clang-format on */

/* Whether the expressions are any; for what takes long: ask before. */
int selection_check(const struct selection *selection, struct err *err);

/*
 * Replaces *profile by what is asked for, and makes the type its default one. *ret_whole (may be
 * NULL) is the total of that type before the filters, to which shares refer. ERR_NOT_FOUND: no
 * sample is left.
 */
int selection_apply(const struct selection *selection, struct profile **profile, int64_t *ret_whole,
	struct err *err);

/* A line "   focus=…" for each filter; nothing without filters. */
void selection_describe(const struct selection *selection, struct buf *out);

#endif
