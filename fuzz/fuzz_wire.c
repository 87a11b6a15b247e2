/* fuzz_wire: gzip, protobuf and JSON readers on any bytes, and their writers read back. */
#include <stdio.h>
#include <stdlib.h>

#include "wire/gzip.h"
#include "wire/json.h"
#include "wire/json_read.h"
#include "wire/proto.h"

#define UNZIPPED_MAX ((size_t)1 << 16)
#define ZIPPED_EACH 16 /* zipping takes a hundred times as long as all else: not every input */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void unzip(struct view bytes)
{
	const struct gzip_limits limits = { .bytes_max = UNZIPPED_MAX };
	struct buf out = { 0 };

	gzip_inflate(bytes, &limits, &out, NULL);
	check(out.len <= UNZIPPED_MAX);
	buf_fini(&out);
}

static void zip(struct view bytes)
{
	const struct gzip_limits limits = { .bytes_max = UNZIPPED_MAX };
	struct buf zipped = { 0 }, again = { 0 };

	check(gzip_deflate(bytes, GZIP_FAST, &zipped, NULL) == 0);
	check(bytes.len > UNZIPPED_MAX ||
		gzip_inflate(buf_view(&zipped), &limits, &again, NULL) == 0);
	check(bytes.len > UNZIPPED_MAX || view_equal(buf_view(&again), bytes));
	buf_fini(&zipped);
	buf_fini(&again);
}

static void walk_message(struct view bytes)
{
	struct proto in = proto_of(bytes);
	struct proto_field field;
	struct buf out = { 0 };

	while (proto_next(&in, &field))
		if (field.wire == PROTO_BYTES)
			proto_put_bytes(&out, field.id, field.bytes);
		else
			proto_put_number(&out, field.id, field.number);
	check(in.wrong || in.at == in.end);
	in = proto_of(buf_view(&out));
	while (proto_next(&in, &field))
		;
	check(!in.wrong);
	buf_fini(&out);
}

static void walk_json(struct view bytes)
{
	struct buf out = { 0 };
	struct json json = { .out = &out };
	struct json_read r;
	struct view text;

	json_read_init(&r, bytes);
	while (!r.wrong && json_read_peek(&r))
		json_read_skip(&r);
	json_read_fini(&r);
	json_text(&json, bytes);
	json_read_init(&r, buf_view(&out));
	check(json_read_text(&r, &text) && !json_read_peek(&r));
	json_read_fini(&r);
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct view view = { (const char *)bytes, len };

	unzip(view);
	if (len % ZIPPED_EACH == 0)
		zip(view);
	walk_message(view);
	walk_json(view);
	return 0;
}
