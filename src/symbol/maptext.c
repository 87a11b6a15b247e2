/* maptext: the text of a perf map, as V8, HotSpot, .NET, Python and others write it. */
#include "symbol/maptext.h"

#include "symbol/codetable.h"

/* Some runtimes write 0x. */
static bool take_hex(struct view *line, uint64_t *ret)
{
	bool more;
	struct view word = view_take(line, ' ', &more);

	if (view_starts(word, VIEW("0x")))
		word = (struct view){ word.at + 2, word.len - 2 };
	return more && view_hex_to_u64(word, ret);
}

static void parse_line(struct view line, struct codetable *into)
{
	uint64_t start, size;

	if (take_hex(&line, &start) && take_hex(&line, &size) && line.len)
		codetable_add(into, start, size, line);
}

size_t maptext_parse(struct view text, struct codetable *into)
{
	const char *begin = text.at;

	for (;;) {
		bool more;
		const char *line_at = text.at;
		struct view line = view_take(&text, '\n', &more);

		if (!more)
			return (size_t)(line_at - begin);
		parse_line(line, into);
	}
}
