/* codec_speedscope: the JSON of speedscope.app. */
#include <string.h>

#include "codec/codec.h"
#include "codec/speedscope_format.h"

#define HEAD_MAX ((size_t)64 << 10)

static const char *const extensions[] = { ".speedscope.json", ".speedscope", NULL };

static bool holds(struct view text, const char *word)
{
	return text.at && memmem(text.at, text.len, word, strlen(word)); /* empty: NULL */
}

/* The schema's address is optional and may be the last key, so both ends are looked at. */
static bool sniff(struct view head)
{
	struct view begin = { head.at, head.len < HEAD_MAX ? head.len : HEAD_MAX };
	struct view end = { view_end(head) - begin.len, begin.len };
	size_t at = view_starts(head, VIEW("\xef\xbb\xbf")) ? 3 : 0;

	while (at < head.len && strchr(" \t\r\n", head.at[at]) && head.at[at])
		at++;
	if (at == head.len || head.at[at] != '{')
		return false;
	return holds(begin, "speedscope") || holds(end, "speedscope") ||
	       (holds(begin, "\"shared\"") && holds(begin, "\"frames\""));
}

const struct codec codec_speedscope = {
	.name = "speedscope",
	.mime = "application/json",
	.extensions = extensions,
	.sniff = sniff,
	.decode = speedscope_decode,
	.encode = speedscope_encode,
};
