/* columns: numbers in as few bytes as they need, in blocks that say their length. */
#include "render/columns.h"

static void put_u32(char *at, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(number >> 8 * i);
}

size_t columns_begin(struct buf *out)
{
	size_t begin = out->len;

	columns_add_u32(out, 0);
	return begin;
}

void columns_end(struct buf *out, size_t begin)
{
	size_t len;

	if (out->failed)
		return;
	len = out->len - begin - 4;
	if (len > UINT32_MAX)
		out->failed = true;
	else
		put_u32(out->at + begin, (uint32_t)len);
}

void columns_add(struct buf *out, uint64_t number)
{
	char *room = buf_reserve(out, 10);
	size_t len = 0;

	if (!room)
		return;
	for (; number >= 0x80; number >>= 7)
		room[len++] = (char)(number | 0x80);
	room[len++] = (char)number;
	out->len += len;
}

void columns_add_u32(struct buf *out, uint32_t number)
{
	char *room = buf_reserve(out, 4);

	if (!room)
		return;
	put_u32(room, number);
	out->len += 4;
}
