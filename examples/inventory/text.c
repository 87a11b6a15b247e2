/* text: a string that grows, a piece at a time. */
#include "inventory.h"

#include <stdlib.h>
#include <string.h>

/* Looks for the end of the string and asks for a few more bytes, for every piece. */
void text_add(struct text *text, const char *piece)
{
	size_t len = text->at ? strlen(text->at) : 0;
	char *grown = realloc(text->at, len + strlen(piece) + 1);

	if (!grown)
		abort();
	memcpy(grown + len, piece, strlen(piece) + 1);
	text->at = grown;
}

void text_free(struct text *text)
{
	free(text->at);
	text->at = NULL;
}
