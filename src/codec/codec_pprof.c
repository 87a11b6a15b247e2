/* codec_pprof: profile.proto, zipped as Go's tools write it. */
#include "codec/codec.h"
#include "codec/pprof_format.h"
#include "model/profile.h"
#include "wire/gzip.h"
#include "wire/proto.h"

static const char *const extensions[] = { ".pprof.gz", ".pb.gz", ".pprof", ".pb", NULL };

/* Which wire type the field has in a profile, or -1. */
static int wire_of(uint32_t id)
{
	if (id == 0 || id >= PPROF_FIELDS)
		return -1;
	return id <= PPROF_STRING_TABLE || id == PPROF_PERIOD_TYPE ? PROTO_BYTES : PROTO_VARINT;
}

/* A known field with its own wire type; the head may end within it. Text can begin so too
 * ("java;…"), but the first messages of a profile are short and made of control characters. */
static bool sniff(struct view head)
{
	struct proto in = proto_of(head);
	uint64_t tag;

	if (head.len < 2 || !proto_varint(&in, &tag))
		return false;
	return !codec_is_text(head) && tag < PPROF_FIELDS << 3 &&
	       wire_of((uint32_t)tag >> 3) == (int)(tag & 7);
}

static int encode(const struct profile *from, struct buf *out, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = pprof_encode(from, &message, err);

	return rc < 0 ? rc : gzip_deflate(buf_view(&message), GZIP_FAST, out, err);
}

const struct codec codec_pprof = {
	.name = "pprof",
	.mime = "application/vnd.google.protobuf+gzip",
	.extensions = extensions,
	.sniff = sniff,
	.decode = pprof_decode,
	.encode = encode,
};
