/* base64: text to bytes (RFC 4648), either alphabet, with or without padding. */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include "base/buf.h"
#include "base/view.h"

/* Appends the bytes; false for text that is none, after which `out` may hold a part of them. */
bool base64_decode(struct view text, struct buf *out);

#endif
