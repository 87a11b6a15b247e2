/* listing_time: a server's timelines as lines. */
#include <string.h>

#include "cli/listing_impl.h"
#include "render/codepoint.h"

static void add_total(struct json_read *r, struct listing_items *items)
{
	BUF_AUTO value = { 0 };
	struct view key, text;
	double total = 0;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, VIEW("value"))) {
			if (json_read_text(r, &text))
				listing_add_word(&value, text);
		} else if (view_equal(key, VIEW("total"))) {
			json_read_number(r, &total);
		} else {
			json_read_skip(r);
		}
	}
	listing_add_value(items, total);
	buf_add_text(items->out, "  ");
	buf_add_view(items->out, buf_view(&value));
	buf_add_char(items->out, '\n');
	items->n++;
}

int listing_totals(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = add_total, .out = out };
	int rc;

	listing_read_unit(body, &items);
	rc = listing_read(body, "lines", &items, err);
	*ret_any = items.n > 0;
	return rc;
}

struct points {
	struct listing_items items; /* first */
	double from, step;
};

static void add_points(struct json_read *r, struct listing_items *items)
{
	const struct points *points = (const struct points *)items;
	double total, at = points->from;
	BUF_AUTO value = { 0 };
	struct view key, text;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, VIEW("value"))) {
			if (json_read_text(r, &text))
				listing_add_word(&value, text);
			continue;
		}
		if (!view_equal(key, VIEW("points"))) {
			json_read_skip(r);
			continue;
		}
		json_read_array(r);
		for (; json_read_item(r); at += points->step) {
			if (!json_read_number(r, &total) || total == 0)
				continue;
			listing_add_time(items->out, at);
			buf_add_text(items->out, "  ");
			listing_add_value(items, total);
			buf_add_text(items->out, "  ");
			buf_add_view(items->out, buf_view(&value));
			buf_add_char(items->out, '\n');
			items->n++;
		}
	}
}

static int read_lines(struct view body, struct points *points, bool *ret_any, struct err *err)
{
	int rc;

	points->from = listing_number(body, "from");
	points->step = listing_number(body, "step");
	listing_read_unit(body, &points->items);
	rc = listing_read(body, "lines", &points->items, err);
	*ret_any = points->items.n > 0;
	return rc;
}

int listing_points(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct points points = { .items = { .read = add_points, .out = out } };

	return read_lines(body, &points, ret_any, err);
}

static void keep_numbers(struct json_read *r, struct buf *into)
{
	double number;

	json_read_array(r);
	while (json_read_item(r))
		if (json_read_number(r, &number))
			buf_add(into, &number, sizeof(number));
}

/* Of the first of its functions, the totals. */
static void keep_totals(struct json_read *r, struct buf *into)
{
	struct view key;
	bool first = true;

	json_read_array(r);
	for (; json_read_item(r); first = false) {
		if (!first) {
			json_read_skip(r);
			continue;
		}
		json_read_object(r);
		while (json_read_key(r, &key))
			if (view_equal(key, VIEW("total")))
				keep_numbers(r, into);
			else
				json_read_skip(r);
	}
}

static double number_at(const struct buf *numbers, size_t i)
{
	double number = 0;

	if (i < numbers->len / sizeof(number))
		memcpy(&number, numbers->at + i * sizeof(number), sizeof(number));
	return number;
}

static void add_share(struct json_read *r, struct listing_items *items)
{
	const struct points *points = (const struct points *)items;
	BUF_AUTO value = { 0 };
	BUF_AUTO whole = { 0 };
	BUF_AUTO totals = { 0 };
	struct view key, text;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, VIEW("value"))) {
			if (json_read_text(r, &text))
				listing_add_word(&value, text);
		} else if (view_equal(key, VIEW("whole"))) {
			keep_numbers(r, &whole);
		} else if (view_equal(key, VIEW("functions"))) {
			keep_totals(r, &totals);
		} else {
			json_read_skip(r);
		}
	}
	for (size_t i = 0; i < whole.len / sizeof(double); i++) {
		if (number_at(&whole, i) == 0)
			continue;
		listing_add_time(items->out, points->from + (double)i * points->step);
		buf_add_text(items->out, "  ");
		listing_add_value(items, number_at(&totals, i));
		listing_add_value(items, number_at(&whole, i));
		buf_add_format(items->out, "  %5.1f%%  ",
			100 * number_at(&totals, i) / number_at(&whole, i));
		buf_add_view(items->out, buf_view(&value));
		buf_add_char(items->out, '\n');
		items->n += number_at(&totals, i) != 0;
	}
}

int listing_share(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct points points = { .items = { .read = add_share, .out = out } };

	return read_lines(body, &points, ret_any, err);
}
