/*
 * buf: bytes that grow, up to a limit.
 *
 * Appending never fails loudly: after the first failure (no memory, or past the
 * limit) the buffer stays as it was and `failed` stays set. Check once, at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

struct buf {
	char *at; /* owned */
	size_t len;
	size_t cap;
	size_t max; /* 0 means BUF_MAX_DEFAULT */
	bool failed;
};

#define BUF_MAX_DEFAULT ((size_t)1 << 32)
#define BUF_AUTO __attribute__((cleanup(buf_fini))) struct buf

/* A zeroed struct buf is a valid empty one; init only sets the limit. */
void buf_init(struct buf *buf, size_t max);
void buf_fini(struct buf *buf);
void buf_clear(struct buf *buf); /* empties it and forgets a failure; keeps the memory */

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_view(struct buf *buf, struct view v);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_add_u64(struct buf *buf, uint64_t number); /* decimal */
void buf_add_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_add_formatv(struct buf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Makes room for `len` more bytes and returns where they go, or NULL; the caller then adds to len.
 */
char *buf_reserve(struct buf *buf, size_t len);

static inline struct view buf_view(const struct buf *buf)
{
	return (struct view){ buf->at, buf->len };
}

#endif
