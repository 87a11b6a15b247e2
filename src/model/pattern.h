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

#include "base/err.h"
#include "base/view.h"

#define PATTERN_BYTES_MAX 4096
#define PATTERN_STEPS_MAX 1000000
#define PATTERN_HEAP_KB_MAX 16384

struct pattern;

/* ERR_USAGE: no expression, and where it goes wrong. *ret is owned by the caller. */
int pattern_new(const char *text, struct pattern **ret, struct err *err);
void pattern_free(struct pattern *pattern);

/* `state` is a struct pattern: the form that model/filter.h asks for. */
bool pattern_matches(const void *state, struct view text);

/* ERR_LIMIT if it ever gave up: what it said since is worth nothing. NULL is fine. */
int pattern_check(const struct pattern *pattern, struct err *err);

#endif
