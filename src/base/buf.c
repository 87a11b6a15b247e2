/* buf: bytes that grow, up to a limit. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"

#define FIRST_CAP 256

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .max = max };
}

void buf_fini(struct buf *buf)
{
	free(buf->at);
	*buf = (struct buf){ .max = buf->max };
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

char *buf_reserve(struct buf *buf, size_t len)
{
	size_t max = buf->max ? buf->max : BUF_MAX_DEFAULT;
	size_t cap = buf->cap ? buf->cap : FIRST_CAP;
	char *grown;

	if (buf->failed)
		return NULL;
	if (len > max || buf->len > max - len) {
		buf->failed = true;
		return NULL;
	}
	if (buf->len + len <= buf->cap)
		return buf->at + buf->len;
	while (cap < buf->len + len)
		cap *= 2;
	grown = realloc(buf->at, cap);
	if (!grown) {
		buf->failed = true;
		return NULL;
	}
	vec_advise(grown, cap);
	buf->at = grown;
	buf->cap = cap;
	return buf->at + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *room = len ? buf_reserve(buf, len) : NULL;

	if (!room)
		return;
	memcpy(room, bytes, len);
	buf->len += len;
}

void buf_add_view(struct buf *buf, struct view v)
{
	buf_add(buf, v.at, v.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_add_u64(struct buf *buf, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_add_formatv(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int len;
	char *room;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	room = len >= 0 ? buf_reserve(buf, (size_t)len + 1) : NULL;
	if (!room)
		return;
	vsnprintf(room, (size_t)len + 1, format, args);
	buf->len += (size_t)len;
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_add_formatv(buf, format, args);
	va_end(args);
}
