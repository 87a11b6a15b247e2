/* codec_folded: "main;work;malloc 17", one stack a line, root first. */
#include "codec/codec.h"
#include "codec/folded_format.h"

static const char *const extensions[] = { ".collapsed", ".folded", ".stacks", NULL };

/* Any text will do, so this codec is asked last. UTF-16 is claimed for its error's sake. */
static bool sniff(struct view head)
{
	return codec_is_text(head) || view_starts(head, VIEW("\xff\xfe")) ||
	       view_starts(head, VIEW("\xfe\xff"));
}

const struct codec codec_folded = {
	.name = "folded",
	.mime = "text/plain; charset=utf-8",
	.extensions = extensions,
	.sniff = sniff,
	.decode = folded_decode,
	.encode = folded_encode,
};
