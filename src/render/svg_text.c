/* svg_text: names and words of strangers as text of an XML file. */
#include "render/svg_text.h"

#include "render/codepoint.h"

void svg_text_add(struct buf *out, struct view inert)
{
	for (size_t i = 0; i < inert.len; i++) {
		switch (inert.at[i]) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		default:
			buf_add_char(out, inert.at[i]);
		}
	}
}

void svg_text_add_foreign(struct buf *out, struct view text)
{
	BUF_AUTO inert = { 0 };

	codepoint_add_inert(&inert, text);
	out->failed |= inert.failed;
	svg_text_add(out, buf_view(&inert));
}
