/* parcel: the profiles of one window, packed as one request. */
#include "agent/parcel.h"

#include <stdio.h>
#include <sys/random.h>

#include "codec/codec.h"
#include "wire/proto.h"

enum { SERIES = 1, LABELS = 1, SAMPLES = 2, NAME = 1, VALUE = 2, RAW_PROFILE = 1, ID = 2 };

#define UUID_LEN 36

/* A random UUID (version 4). */
static void add_id(struct buf *out)
{
	uint8_t b[16] = { 0 };
	char text[UUID_LEN + 1];

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return; /* the server makes one of the content then */
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(text, sizeof(text),
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
	proto_put_bytes(out, ID, (struct view){ text, UUID_LEN });
}

static void add_label(struct buf *out, const char *name, struct view value)
{
	size_t begun;

	if (value.len == 0)
		return;
	begun = proto_begin(out, LABELS);
	proto_put_bytes(out, NAME, view_of(name));
	proto_put_bytes(out, VALUE, value);
	proto_end(out, begun);
}

int parcel_add(struct buf *out, const struct parcel_series *series, const struct profile *profile,
	struct err *err)
{
	BUF_AUTO body = { 0 };
	size_t outer, sample;
	int code = codec_pprof.encode(profile, &body, err);

	if (code)
		return code;
	outer = proto_begin(out, SERIES);
	add_label(out, "__name__", view_of(series->name));
	for (size_t i = 0; i < series->n; i++)
		add_label(out, series->labels[i].name, series->labels[i].value);
	sample = proto_begin(out, SAMPLES);
	proto_put_bytes(out, RAW_PROFILE, buf_view(&body));
	add_id(out);
	proto_end(out, sample);
	proto_end(out, outer);
	return out->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}
