/* listing_debugfiles: the debug files of a server, as lines. */
#include "cli/listing_impl.h"

static void read_file(struct json_read *r, struct listing_items *items)
{
	BUF_AUTO id = { 0 };
	BUF_AUTO kind = { 0 };
	double bytes = 0, added = 0, used = 0;
	struct view key, text;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, VIEW("build_id")) && json_read_text(r, &text))
			listing_add_word(&id, text);
		else if (view_equal(key, VIEW("kind")) && json_read_text(r, &text))
			listing_add_word(&kind, text);
		else if (view_equal(key, VIEW("bytes")))
			json_read_number(r, &bytes);
		else if (view_equal(key, VIEW("added")))
			json_read_number(r, &added);
		else if (view_equal(key, VIEW("used")))
			json_read_number(r, &used);
		else
			json_read_skip(r);
	}
	buf_add_format(items->out, "%-40.*s  %-7.*s", (int)id.len, id.at ? id.at : "",
		(int)kind.len, kind.at ? kind.at : "");
	listing_add_value(items, bytes);
	buf_add_text(items->out, "  ");
	listing_add_time(items->out, added);
	buf_add_text(items->out, "  ");
	if (used > 0)
		listing_add_time(items->out, used);
	else
		buf_add_char(items->out, '-');
	buf_add_char(items->out, '\n');
	items->n++;
}

int listing_debugfiles(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = read_file, .out = out, .unit = VIEW("bytes") };
	int rc = listing_read(body, "files", &items, err);

	*ret_any = items.n > 0;
	return rc;
}
