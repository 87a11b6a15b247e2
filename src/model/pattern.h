/*
 * pattern: a regular expression that a user typed, looked for in strangers' names.
 *
 * Perl's syntax, unanchored, as in `go tool pprof`, whose RE2 knows less of it. A match may
 * backtrack only so far (PATTERN_STEPS_MAX): an expression that would take longer on some name
 * gives up there, says so once asked, and matches nothing from then on.
 */
#ifndef MODEL_PATTERN_H
#define MODEL_PATTERN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define PATTERN_BYTES_MAX 4096
#define PATTERN_STEPS_MAX 1000000
#define PATTERN_HEAP_KB_MAX 16384

struct pattern;

/* ERR_USAGE: no expression, and where it goes wrong. *ret is owned by the caller. */
int pattern_new(const char *text, struct pattern **ret, struct err *err);
void pattern_free(struct pattern *pattern);

/* The same, anchored at both ends, and with groups for pattern_expand: as Prometheus has them. */
int pattern_new_whole(const char *text, struct pattern **ret, struct err *err);

/* Adds `replacement` with its $1, ${1} and ${name} filled in from the match; a group that took no
 * part is empty. False, and nothing added, without a match. */
bool pattern_expand(
	const struct pattern *pattern, struct view text, const char *replacement, struct buf *out);

/* `state` is a struct pattern: the form that model/filter.h asks for. */
bool pattern_matches(const void *state, struct view text);

/* ERR_LIMIT if it ever gave up: what it said since is worth nothing. NULL is fine. */
int pattern_check(const struct pattern *pattern, struct err *err);

#endif
