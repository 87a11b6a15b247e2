/* listing: the lists of a server's /api/v1 as lines for people and for cut, sort and grep. */
#include "cli/listing_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "render/codepoint.h"
#include "render/measure.h"
#include "wire/json_read.h"

static int broken(const struct json_read *r, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the server's answer is not what it should be: %s",
		r->wrong ? r->wrong : "something is missing");
}

/* Ready to read the value of a key of the outermost object. */
bool listing_find(struct json_read *r, struct view body, const char *wanted)
{
	struct view key;

	json_read_init(r, body);
	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, view_of(wanted)))
			return true;
		json_read_skip(r);
	}
	return false;
}

int listing_read(struct view body, const char *key, struct listing_items *items, struct err *err)
{
	struct json_read r;
	bool found = listing_find(&r, body, key);
	int rc = 0;

	if (found)
		json_read_array(&r);
	while (found && json_read_item(&r))
		items->read(&r, items);
	if (!found || r.wrong)
		rc = broken(&r, err);
	json_read_fini(&r);
	if (rc == 0 && items->out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

void listing_read_unit(struct view body, struct listing_items *items)
{
	struct json_read r;
	struct view unit = { 0 };

	if (listing_find(&r, body, "unit") && json_read_text(&r, &unit))
		snprintf(items->unit_text, LISTING_UNIT_MAX, "%.*s", (int)unit.len, unit.at);
	items->unit = view_of(items->unit_text);
	json_read_fini(&r);
}

static void add_text(struct json_read *r, struct listing_items *items)
{
	struct view text;

	if (!json_read_text(r, &text))
		return;
	codepoint_add_inert(items->out, text);
	buf_add_char(items->out, '\n');
	items->n++;
}

int listing_texts(
	struct view body, const char *key, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = add_text, .out = out };
	int rc = listing_read(body, key, &items, err);

	*ret_any = items.n > 0;
	return rc;
}

static void add_quoted(struct buf *out, struct view text)
{
	BUF_AUTO inert = { 0 };

	codepoint_add_inert(&inert, text);
	buf_add_char(out, '"');
	for (size_t i = 0; i < inert.len; i++) {
		if (strchr("\"\\", inert.at[i]))
			buf_add_char(out, '\\');
		buf_add_char(out, inert.at[i]);
	}
	buf_add_char(out, '"');
}

static void add_labels(struct json_read *r, struct buf *out)
{
	struct view key, value;
	bool first = true;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (!first)
			buf_add_char(out, ',');
		codepoint_add_inert(out, key);
		buf_add_char(out, '=');
		first = false;
		if (json_read_text(r, &value))
			add_quoted(out, value);
	}
}

static void add_series(struct json_read *r, struct listing_items *items)
{
	BUF_AUTO labels = { 0 };
	struct view key, name;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		if (view_equal(key, VIEW("name")) && json_read_text(r, &name))
			codepoint_add_inert(items->out, name);
		else if (view_equal(key, VIEW("labels")))
			add_labels(r, &labels);
		else
			json_read_skip(r);
	}
	buf_add_char(items->out, '{');
	buf_add_view(items->out, buf_view(&labels));
	buf_add_text(items->out, "}\n");
	items->n++;
}

int listing_series(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = add_series, .out = out };
	int rc = listing_read(body, "series", &items, err);

	*ret_any = items.n > 0;
	return rc;
}

/* A number of JSON in ten columns, with its unit. */
void listing_add_value(struct listing_items *items, double number)
{
	int64_t value = number >= 0x1p63    ? INT64_MAX
			: number <= -0x1p63 ? INT64_MIN
					    : (int64_t)number;
	BUF_AUTO text = { 0 };

	measure_add(&text, value, measure_for(value, items->unit), items->unit);
	buf_add_char(&text, '\0');
	if (!text.failed)
		buf_add_format(items->out, "%10s", text.at);
}

void listing_add_time(struct buf *out, double seconds)
{
	time_t second = fabs(seconds) < 0x1p40 ? (time_t)seconds : 0;
	struct tm tm;
	char text[64];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&second, &tm));
	buf_add_text(out, text);
}

void listing_add_word(struct buf *out, struct view text)
{
	codepoint_add_inert(out, text.len ? text : VIEW("-"));
}

static void add_trace(struct json_read *r, struct listing_items *items)
{
	BUF_AUTO ids = { 0 };
	BUF_AUTO service = { 0 };
	double total = 0, from = 0;
	struct view key, text;

	json_read_object(r);
	while (json_read_key(r, &key)) {
		bool is_trace = view_equal(key, VIEW("trace_id"));

		if (is_trace || view_equal(key, VIEW("span_id"))) {
			if (!is_trace)
				buf_add_text(&ids, "  ");
			if (json_read_text(r, &text))
				codepoint_add_inert(&ids, text);
		} else if (view_equal(key, VIEW("service"))) {
			if (json_read_text(r, &text))
				listing_add_word(&service, text);
		} else if (view_equal(key, VIEW("total"))) {
			json_read_number(r, &total);
		} else if (view_equal(key, VIEW("from"))) {
			json_read_number(r, &from);
		} else {
			json_read_skip(r);
		}
	}
	buf_add_view(items->out, buf_view(&ids));
	listing_add_value(items, total);
	buf_add_text(items->out, "  ");
	listing_add_time(items->out, from);
	buf_add_text(items->out, "  ");
	buf_add_view(items->out, buf_view(&service));
	buf_add_char(items->out, '\n');
	items->n++;
}

int listing_traces(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = add_trace, .out = out };
	int rc;

	listing_read_unit(body, &items);
	rc = listing_read(body, "traces", &items, err);
	*ret_any = items.n > 0;
	return rc;
}

double listing_number(struct view body, const char *key)
{
	struct json_read r;
	double number = 0;

	if (listing_find(&r, body, key))
		json_read_number(&r, &number);
	json_read_fini(&r);
	return number;
}

int listing_truth(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct listing_items items = { .read = add_text, .out = out };
	struct json_read r;
	struct view line;

	if (listing_find(&r, body, "line") && json_read_text(&r, &line)) {
		codepoint_add_inert(out, line);
		buf_add_char(out, '\n');
	}
	json_read_fini(&r);
	*ret_any = listing_number(body, "profiles") > 0;
	return listing_read(body, "sentences", &items, err);
}
