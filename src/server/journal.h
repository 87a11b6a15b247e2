/*
 * journal: what the server did, one line each, for people and for programs.
 *
 *     time=2026-11-28T20:15:00.123Z level=warn msg="request refused" id=4f2a path=/ingest
 * status=413
 *
 * or the same as JSON. What strangers chose is quoted and its control bytes are escaped. A message
 * that comes more than 20 times in a second is left out until the next; then `suppressed` says how
 * often.
 */
#ifndef SERVER_JOURNAL_H
#define SERVER_JOURNAL_H

#include <stddef.h>

#include "base/view.h"

enum journal_level { JOURNAL_DEBUG, JOURNAL_INFO, JOURNAL_WARN, JOURNAL_ERROR };
enum journal_format { JOURNAL_LOGFMT, JOURNAL_JSON };

struct journal;

struct journal_field {
	const char *key; /* letters and _ */
	struct view value;
};

/* Lines go to `fd`, which is not owned. NULL without memory. */
struct journal *journal_new(int fd, enum journal_level least, enum journal_format format);
void journal_free(struct journal *journal);

/* NULL is a journal that nobody reads. Any thread. */
void journal_say(struct journal *journal, enum journal_level level, const char *message,
	const struct journal_field *fields, size_t n);
bool journal_hears(const struct journal *journal, enum journal_level level);

#endif
