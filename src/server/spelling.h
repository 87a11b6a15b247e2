/*
 * spelling: a selection as one word of a path: its query ("service=shop&from=now-1h"), in
 * base64url.
 */
#ifndef SERVER_SPELLING_H
#define SERVER_SPELLING_H

#include "base/arena.h"
#include "base/err.h"
#include "server/question.h"

#define SPELLING_WORDS_MAX 128u
#define SPELLING_BYTES_MAX ((size_t)24 << 10)

struct spelling {
	struct arena arena;
	struct {
		const char *name, *value;
	} words[SPELLING_WORDS_MAX];
	size_t n;
};

/* ERR_USAGE with a sentence. spelling_fini also after an error. */
int spelling_read(struct spelling *spelling, struct view word, struct err *err);
void spelling_fini(struct spelling *spelling);

/* As question_of wants it; borrows. */
struct question_words spelling_words(struct spelling *spelling, struct view tenant);

#endif
