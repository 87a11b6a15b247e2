/* terminal: what the stream at the other end can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* A terminal that knows colours, and a user who wants them (https://no-color.org). */
bool terminal_has_colours(FILE *stream);

/* Columns of the terminal; $COLUMNS, else `fallback`, where the stream is none. */
unsigned terminal_width(FILE *stream, unsigned fallback);

/* Whether the locale writes UTF-8, so that block characters and arrows come out right. */
bool terminal_has_utf8(void);

#endif
