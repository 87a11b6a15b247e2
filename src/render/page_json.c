/* page_json: JSON texts as the page reads them. */
#include "render/page_json.h"

#include "wire/utf8.h"

static void add_escaped(struct buf *out, unsigned char c)
{
	if (c == '"' || c == '\\') {
		buf_add_char(out, '\\');
		buf_add_char(out, (char)c);
	} else if (c < 0x20 || c == '<' || c == 0x7f) {
		buf_add_format(out, "\\u%04x", c);
	} else {
		buf_add_char(out, (char)c);
	}
}

void page_json_text(struct buf *out, struct view text)
{
	buf_add_char(out, '"');
	while (text.len) {
		size_t len = utf8_sequence(text);

		if (len == 0)
			buf_add_text(out, UTF8_REPLACEMENT);
		else if (len == 1)
			add_escaped(out, (unsigned char)text.at[0]);
		else
			buf_add(out, text.at, len);
		len = len ? len : 1;
		text = (struct view){ text.at + len, text.len - len };
	}
	buf_add_char(out, '"');
}
