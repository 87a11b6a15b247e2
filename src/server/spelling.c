/* spelling: a selection as one word of a path. */
#include "server/spelling.h"

#include <string.h>

#include "wire/base64.h"

static int hex_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Percent-decoded, "+" for a space; NULL without memory and for a NUL byte. */
static const char *decoded(struct arena *arena, struct view text)
{
	char *into = arena_alloc(arena, text.len + 1), *end = into;

	for (size_t i = 0; into && i < text.len; i++) {
		char c = text.at[i] == '+' ? ' ' : text.at[i];

		if (c == '%' && i + 2 < text.len && hex_of(text.at[i + 1]) >= 0 &&
			hex_of(text.at[i + 2]) >= 0) {
			c = (char)(hex_of(text.at[i + 1]) << 4 | hex_of(text.at[i + 2]));
			i += 2;
		}
		if (c == '\0')
			return NULL;
		*end++ = c;
	}
	return into;
}

static int take_pairs(struct spelling *spelling, struct view text, struct err *err)
{
	bool more = text.len > 0;

	while (more) {
		struct view value = view_take(&text, '&', &more), name;
		bool has_value;

		if (spelling->n == SPELLING_WORDS_MAX)
			return err_set(err, ERR_USAGE, "a selection has at most %u words",
				SPELLING_WORDS_MAX);
		name = view_take(&value, '=', &has_value);
		spelling->words[spelling->n].name = decoded(&spelling->arena, name);
		spelling->words[spelling->n].value = decoded(&spelling->arena, value);
		if (!spelling->words[spelling->n].name || !spelling->words[spelling->n].value)
			return err_set(err, ERR_USAGE, "a selection with a word that is no text");
		spelling->n++;
	}
	return 0;
}

int spelling_read(struct spelling *spelling, struct view word, struct err *err)
{
	BUF_AUTO text = { 0 };

	spelling->n = 0;
	spelling->arena = (struct arena){ 0 };
	arena_init(&spelling->arena, 0);
	if (word.len > SPELLING_BYTES_MAX)
		return err_set(
			err, ERR_USAGE, "a selection of more than %zu bytes", SPELLING_BYTES_MAX);
	if (!base64_decode(word, &text))
		return err_set(err, ERR_USAGE, "this address has no selection in it");
	return take_pairs(spelling, buf_view(&text), err);
}

void spelling_fini(struct spelling *spelling)
{
	arena_fini(&spelling->arena);
}

static const char *one(void *owner, const char *name)
{
	const struct spelling *spelling = owner;

	for (size_t i = 0; i < spelling->n; i++)
		if (strcmp(spelling->words[i].name, name) == 0)
			return spelling->words[i].value;
	return NULL;
}

static void all(void *owner, const char *name, bool (*each)(void *to, const char *value), void *to)
{
	const struct spelling *spelling = owner;

	for (size_t i = 0; i < spelling->n; i++)
		if (strcmp(spelling->words[i].name, name) == 0 &&
			!each(to, spelling->words[i].value))
			return;
}

struct question_words spelling_words(struct spelling *spelling, struct view tenant)
{
	return (struct question_words){
		.tenant = tenant, .one = one, .all = all, .owner = spelling
	};
}
