/* writing: what a function prints, as a text. */
#ifndef WRITING_H
#define WRITING_H

#include <stdio.h>
#include <stdlib.h>

struct writing {
	FILE *out;
	char *text; /* owned; complete after writing_end */
	size_t len;
};

static inline struct writing *writing_begin(struct writing *writing)
{
	writing->out = open_memstream(&writing->text, &writing->len);
	assert_non_null(writing->out);
	return writing;
}

static inline const char *writing_end(struct writing *writing)
{
	assert_int_equal(fclose(writing->out), 0);
	return writing->text;
}

#endif
