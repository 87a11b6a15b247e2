/*
 * utf8: is it, and where not.
 *
 * Names come from strangers' symbol tables and need not be text. Formats that promise UTF-8 get
 * U+FFFD for each byte that is not part of a well-formed sequence (RFC 3629: no overlong forms,
 * no surrogates, nothing past U+10FFFF).
 */
#ifndef WIRE_UTF8_H
#define WIRE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The length of the well-formed sequence at the start, 1 to 4; 0 if there is none. */
size_t utf8_sequence(struct view text);

/* Appends a code point; anything that is not one becomes U+FFFD. */
void utf8_put(struct buf *out, uint32_t code_point);

#endif
