/* codec_otlp: OpenTelemetry's profiles, as protobuf and as JSON. */
#include <string.h>

#include "codec/codec.h"
#include "codec/otlp_format.h"
#include "wire/proto.h"

#define HEAD_MAX ((size_t)64 << 10)

static const char *const extensions[] = { ".otlp", NULL };
static const char *const json_extensions[] = { ".otlp.json", NULL };

/* A message whose fields are messages: the first field of each is "bytes follow". In pprof, whose
 * field 1 looks alike from outside, it holds two numbers. */
static bool holds_messages(struct view message)
{
	return message.len == 0 || (message.at[0] & 7) == PROTO_BYTES;
}

/* pprof has fields 1 and 2 too, but cannot do without the others. */
static bool sniff(struct view bytes)
{
	struct proto in = proto_of(bytes);
	struct proto_field f;

	if (!bytes.len)
		return false;
	while (proto_next(&in, &f))
		if (f.wire != PROTO_BYTES || !f.id || f.id > OTLP_DICTIONARY ||
			(f.id == OTLP_RESOURCE_PROFILES && !holds_messages(f.bytes)))
			return false;
	return !in.wrong;
}

static bool holds(struct view text, const char *word)
{
	return memmem(text.at, text.len, word, strlen(word));
}

static bool sniff_json(struct view bytes)
{
	struct view head = { bytes.at, bytes.len < HEAD_MAX ? bytes.len : HEAD_MAX };
	size_t at = view_starts(head, VIEW("\xef\xbb\xbf")) ? 3 : 0;

	while (at < head.len && (head.at[at] == ' ' || head.at[at] == '\t' || head.at[at] == '\r' ||
					head.at[at] == '\n'))
		at++;
	if (at == head.len || head.at[at] != '{')
		return false;
	return holds(head, "\"resourceProfiles\"") || holds(head, "\"resource_profiles\"") ||
	       (holds(head, "\"dictionary\"") && holds(head, "Table\""));
}

static int encode_json(const struct profile *from, struct buf *out, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = otlp_encode(from, &message, err);

	return rc < 0 ? rc : otlp_json_write(buf_view(&message), out, err);
}

const struct codec codec_otlp = {
	.name = "otlp",
	.mime = "application/x-protobuf",
	.extensions = extensions,
	.sniff = sniff,
	.decode = otlp_decode,
	.encode = otlp_encode,
};

const struct codec codec_otlp_json = {
	.name = "otlp-json",
	.mime = "application/json",
	.extensions = json_extensions,
	.sniff = sniff_json,
	.decode = otlp_decode,
	.encode = encode_json,
};
