/* nearest: the name that was probably meant. */
#include "cli/nearest.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t rows[3][NEAREST_WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > NEAREST_WORD_MAX || b_len > NEAREST_WORD_MAX)
		return NEAREST_WORD_MAX + 1;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *free_row = before;

		before = above;
		above = row;
		row = free_row;
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t replace = above[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = least(replace, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[b_len];
}

void nearest_consider(const char *typed, const char *name, const char **best)
{
	size_t distance = nearest_distance(typed, name);

	/* A third of the letters wrong, or the beginning of the name, is still a slip of the hand.
	 */
	if (distance > 1 + strlen(name) / 3 &&
		(strlen(typed) < 2 || strncmp(typed, name, strlen(typed)) != 0))
		return;
	if (!*best || distance < nearest_distance(typed, *best))
		*best = name;
}
