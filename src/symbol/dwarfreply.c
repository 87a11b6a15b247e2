/* dwarfreply: what the child that reads DWARF answers. */
#include "symbol/dwarfreply.h"

#include <stdlib.h>

#include "base/vec.h"

#define FRAME_WORDS 5

struct decoder {
	struct view rest;
	struct view *strings; /* owned; number 0 is "" */
	size_t n_strings, cap_strings;
	size_t n_addresses;
	struct dwarfreply *reply;
	bool nomem;
};

static bool take_u32(struct decoder *d, uint32_t *ret)
{
	if (d->rest.len < sizeof(*ret))
		return false;
	memcpy(ret, d->rest.at, sizeof(*ret));
	d->rest = view_between(d->rest.at + sizeof(*ret), view_end(d->rest));
	return true;
}

static bool add_string(struct decoder *d, struct view text)
{
	struct view *added = VEC_ADD(d->strings, d->n_strings, d->cap_strings);

	d->nomem = d->nomem || !added;
	if (added)
		*added = text;
	return added != NULL;
}

static bool take_string(struct decoder *d)
{
	uint32_t len;

	if (!take_u32(d, &len) || len > DWARFREPLY_TEXT_MAX || len > d->rest.len ||
		!add_string(d, (struct view){ d->rest.at, len }))
		return false;
	d->rest = view_between(d->rest.at + len, view_end(d->rest));
	return true;
}

static bool take_frame(struct decoder *d)
{
	struct dwarfreply *reply = d->reply;
	uint32_t words[FRAME_WORDS];
	struct dwarfreply_frame *frame;

	for (int i = 0; i < FRAME_WORDS; i++)
		if (!take_u32(d, &words[i]))
			return false;
	if (words[0] >= d->n_strings || words[1] >= d->n_strings || words[2] >= d->n_strings)
		return false;
	frame = VEC_ADD(reply->frames, reply->n_frames, reply->cap_frames);
	d->nomem = d->nomem || !frame;
	if (!frame)
		return false;
	*frame = (struct dwarfreply_frame){ .name = d->strings[words[0]],
		.linkage = d->strings[words[1]],
		.file = d->strings[words[2]],
		.line = words[3] <= INT32_MAX ? words[3] : 0,
		.start_line = words[4] <= INT32_MAX ? words[4] : 0 };
	return true;
}

/* An address that two units claim has the frames of the first that named it. */
static bool take_address(struct decoder *d)
{
	uint32_t index, count;
	size_t first = d->reply->n_frames;

	if (!take_u32(d, &index) || !take_u32(d, &count) || index >= d->n_addresses || count == 0 ||
		count > DWARFREPLY_INLINED_MAX)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!take_frame(d)) {
			d->reply->n_frames = first;
			return false;
		}
	if (d->reply->spans[index].count && d->reply->frames[d->reply->spans[index].first].name.len)
		return true;
	d->reply->spans[index] =
		(struct dwarfreply_span){ .first = (uint32_t)first, .count = count };
	return true;
}

static bool take_record(struct decoder *d)
{
	char kind;

	if (d->rest.len == 0 || d->reply->whole)
		return false;
	kind = d->rest.at[0];
	d->rest = view_between(d->rest.at + 1, view_end(d->rest));
	if (kind == 'S')
		return take_string(d);
	if (kind == 'A')
		return take_address(d);
	d->reply->whole = kind == 'E';
	return false;
}

int dwarfreply_decode(struct view bytes, size_t n_addresses, struct dwarfreply *ret)
{
	struct decoder d = { .rest = bytes, .n_addresses = n_addresses, .reply = ret };

	*ret = (struct dwarfreply){ .spans = calloc(n_addresses + 1, sizeof(*ret->spans)) };
	d.nomem = !ret->spans;
	if (!d.nomem && add_string(&d, (struct view){ "", 0 }))
		while (take_record(&d))
			;
	free(d.strings);
	if (!d.nomem)
		return 0;
	dwarfreply_fini(ret);
	return ERR_NOMEM;
}

void dwarfreply_fini(struct dwarfreply *reply)
{
	free(reply->spans);
	free(reply->frames);
	*reply = (struct dwarfreply){ 0 };
}
