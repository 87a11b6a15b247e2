/*
 * codepoint: names as people and terminals see them, character by character.
 *
 * Names come from strangers' symbol tables: they may hold bytes that are no UTF-8, terminal
 * escapes, and marks that turn the direction of text. Whatever shows a name takes it apart
 * here, so that it stays inert everywhere.
 */
#ifndef RENDER_CODEPOINT_H
#define RENDER_CODEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

/* Takes the first or the last character off; a byte that is no UTF-8 is U+FFFD. Not for "". */
uint32_t codepoint_take(struct view *text);
uint32_t codepoint_take_last(struct view *text);

size_t codepoint_count(struct view text);

/*
 * Appends the name with every character that does something rather than show something replaced
 * by one that shows it: ESC becomes U+241B, U+202E becomes "<U+202E>", a byte that is no UTF-8
 * U+FFFD. The result is UTF-8, one line, and valid in XML but for markup characters.
 */
void codepoint_add_inert(struct buf *out, struct view text);

/* Terminal columns: 0 for combining marks, 2 for wide East Asian characters. */
unsigned codepoint_columns(uint32_t codepoint);

#endif
