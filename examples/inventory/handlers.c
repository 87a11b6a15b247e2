/* handlers: one function for each thing that can be asked. */
#include "inventory.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_MAX 30
#define QUERY_MAX 60
#define WORDS_MAX 4

/* Only letters, digits and spaces reach the pattern: a query is no regular expression. */
static bool is_plain(const char *query)
{
	return strspn(query, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") ==
	       strlen(query);
}

/* One pattern for each word of the query: the word, or a longer one that begins with it. */
static size_t compile_words(const char *query, regex_t *ret_words)
{
	char copy[QUERY_MAX + 1], pattern[QUERY_MAX + 32], *rest, *word;
	size_t count = 0;

	snprintf(copy, sizeof(copy), "%s", query);
	for (word = strtok_r(copy, " ", &rest); word && count < WORDS_MAX;
		word = strtok_r(NULL, " ", &rest)) {
		snprintf(pattern, sizeof(pattern), "(^| )%s[a-z]{0,120}", word);
		if (regcomp(&ret_words[count], pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0)
			count++;
	}
	return count;
}

static bool matches(const struct item *item, const regex_t *words, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++)
		if (regexec(&words[i], item->name, 0, NULL, 0) != 0)
			return false;
	return n_words > 0;
}

static size_t find(const char *query, const struct item **ret_found, size_t max)
{
	const struct item *items = catalogue_items();
	regex_t words[WORDS_MAX];
	size_t n_words = compile_words(query, words), count = 0;

	for (size_t i = 0; i < CATALOGUE_ITEMS && count < max; i++)
		if (matches(&items[i], words, n_words))
			ret_found[count++] = &items[i];
	for (size_t i = 0; i < n_words; i++)
		regfree(&words[i]);
	return count;
}

char *handle_search(const char *query)
{
	const struct item *found[FOUND_MAX];

	if (strlen(query) > QUERY_MAX || !is_plain(query))
		return NULL;
	return serialize_response(query, found, find(query, found, FOUND_MAX));
}

/* What is like these words, in all warehouses together. */
static unsigned pieces_of(const char *words)
{
	const struct item *found[CATALOGUE_ITEMS];
	size_t count = find(words, found, CATALOGUE_ITEMS);
	unsigned pieces = 0;

	for (size_t i = 0; i < count; i++)
		pieces += found[i]->in_stock;
	return pieces;
}

/* How much there is of each thing: whatever its size and colour, in this colour, and just of this.
 */
char *handle_stock(void)
{
	const struct item *items = catalogue_items();
	struct stock stock[CATALOGUE_ITEMS];

	for (size_t i = 0; i < CATALOGUE_ITEMS; i++) {
		const char *in_colour = strchr(items[i].name, ' ') + 1;

		stock[i] = (struct stock){ .alike = pieces_of(catalogue_thing(&items[i])),
			.in_colour = pieces_of(in_colour),
			.same = pieces_of(items[i].name) };
	}
	return serialize_stock(items, stock, CATALOGUE_ITEMS);
}

char *handle_item(const char *id)
{
	const struct item *item = catalogue_find((unsigned)strtoul(id, NULL, 10));

	return item ? serialize_item(item) : NULL;
}

char *handle_health(void)
{
	return strdup("{\"status\":\"ok\"}");
}
