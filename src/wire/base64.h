/*
 * base64: bytes as text.
 */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/view.h"

/* Appends the bytes; of either alphabet (RFC 4648, 4 and 5), with or without '=' at the end. False
 * for anything else. */
bool base64_decode(struct view text, struct buf *out);

/* Appends the text, of the standard alphabet, with '=' at the end. */
void base64_encode(struct view bytes, struct buf *out);

#endif
