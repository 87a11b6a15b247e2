/*
 * nomem: every use of a profile, with each of its allocations failing once.
 *
 * Linked with --wrap, so every malloc of ours comes here first. A call whose allocation failed must
 * say ERR_NOMEM in a sentence and give back all it took; where it could do without (a reservation),
 * the result must be what it would have been.
 */
#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "codec/jfr_made_end.h"
#include "failing_malloc.h"
#include "model/change.h"
#include "model/copy.h"
#include "model/filter.h"
#include "model/merge.h"
#include "model/peek.h"
#include "model/top.h"
#include "model/tree.h"
#include "render/html.h"
#include "render/render_calls.h"
#include "render/render_diff.h"
#include "render/render_samples.h"
#include "render/render_svg.h"
#include "render/render_term.h"
#include "render/render_text.h"

#define FAULTS_MAX 100000 /* more allocations than any of these needs */

/* ---- what is done with profiles ---- */

struct inputs {
	const struct profile *a, *b; /* of equal types, with labels */
	const struct codec *codec;
	struct view bytes; /* a, encoded */
};

/* Appends what came out. */
typedef int use_fn(const struct inputs *in, struct buf *out, struct err *err);

/* A result that is a profile, written down while no allocation fails. */
static int write_down(int rc, const struct profile *profile, struct buf *out)
{
	long asked = n_asked, nth = fail_at;

	if (rc < 0)
		return rc;
	fail_at = 0;
	rc = codec_pprof.encode(profile, out, NULL);
	n_asked = asked;
	fail_at = nth;
	return rc;
}

static int decode(const struct inputs *in, struct buf *out, struct err *err)
{
	PROFILE_AUTO made = NULL;
	int rc = codec_decode(in->bytes, &made, err);

	return write_down(rc, made, out);
}

static int encode(const struct inputs *in, struct buf *out, struct err *err)
{
	return in->codec->encode(in->a, out, err);
}

static int add_up(const struct inputs *in, struct buf *out, struct err *err)
{
	PROFILE_AUTO made = profile_new();
	int rc = made ? merge_into(made, in->a, err) : err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = merge_into(made, in->b, err);
	return write_down(rc, made, out);
}

static int subtract(const struct inputs *in, struct buf *out, struct err *err)
{
	PROFILE_AUTO made = profile_new();
	int rc = made ? merge_into(made, in->a, err) : err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = merge_scaled(made, in->b, (double[]){ -0.5, -0.5 }, err);
	return write_down(rc, made, out);
}

static int pair(const struct inputs *in, struct buf *out, struct err *err)
{
	PROFILE_AUTO made = NULL;
	int rc = merge_pair(in->a, in->b, VIEW(""), &made, err);

	return write_down(rc, made, out);
}

static int common_types(const struct inputs *in, struct buf *out, struct err *err)
{
	PROFILE_AUTO made = NULL;
	int rc = merge_common_types(in->a, in->b, &made, err);

	return write_down(rc, made, out);
}

static bool has_an_a(const void *state, struct view text)
{
	return text.len && memchr(text.at, 'a', text.len);
}

static bool any_label(const void *state, const struct profile *profile, uint32_t label_set)
{
	return profile->label_sets[label_set].count != 0;
}

static int keep_a_part(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct filter_options options = { .focus = { has_an_a, NULL },
		.show = { has_an_a, NULL },
		.show_from = { has_an_a, NULL },
		.label_focus = { any_label, NULL },
		.label_keep = { has_an_a, NULL } };
	PROFILE_AUTO made = NULL;
	int rc = filter(in->a, &options, &made, err);

	return write_down(rc, made, out);
}

static int group(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct profile *p = in->a;
	uint32_t key = p->n_labels ? p->labels[0].key : 0;
	PROFILE_AUTO made = NULL;
	int rc = copy_grouped(p, &key, 1, &made, err);

	return write_down(rc, made, out);
}

static int draw_tree(const struct profile *p, const struct tree_options *options, struct buf *out,
	struct err *err)
{
	struct tree tree;
	int rc = tree_build(p, options, &tree, err);

	if (rc == 0) {
		buf_add(out, tree.start, tree.n_nodes * sizeof(*tree.start));
		buf_add(out, tree.width, tree.n_nodes * sizeof(*tree.width));
		buf_add(out, tree.name, tree.n_nodes * sizeof(*tree.name));
	}
	tree_fini(&tree);
	return rc;
}

static int grow(const struct inputs *in, struct buf *out, struct err *err)
{
	return draw_tree(in->a, &(struct tree_options){ .base_type = -1 }, out, err);
}

static int grow_upside_down(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct tree_options options = {
		.base_type = -1, .granularity = FRAMES_ADDRESSES, .inverted = true
	};

	return draw_tree(in->a, &options, out, err);
}

static int grow_both(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct tree_options options = { .type = 1, .order = TREE_AS_TEXT };

	return draw_tree(in->a, &options, out, err);
}

static int rank(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct top_options options = { .base_type = 1, .order = TOP_BY_CHANGE };
	struct top top;
	int rc = top_build(in->a, &options, &top, err);

	for (size_t i = 0; rc == 0 && i < top.n_rows; i++)
		buf_add_u64(out, (uint64_t)top.rows[i].total);
	top_fini(&top);
	return rc;
}

static int peek(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct peek_options options = { .name = VIEW("a") };
	struct peek seen;
	int rc = peek_build(in->a, &options, &seen, err);

	for (size_t i = 0; rc == 0 && i < seen.n_callers; i++)
		buf_add_u64(out, (uint64_t)seen.callers[i].value);
	peek_fini(&seen);
	return rc;
}

static int tell_change(const struct inputs *in, struct buf *out, struct err *err)
{
	return render_diff_text(
		in->a, in->b, &(struct render_diff_options){ .all = true }, out, err);
}

static int draw_svg(const struct inputs *in, struct buf *out, struct err *err)
{
	return render_svg(in->a, &(struct render_svg_options){ .subtitle = "s" }, out, err);
}

static int draw_svg_of_change(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct value_type *types = in->a->types;
	const struct render_svg_options options = { .base = profile_text(in->a, types[0].type),
		.type = profile_text(in->a, types[1].type) };

	return render_svg(in->a, &options, out, err);
}

static int draw_page(const struct inputs *in, struct buf *out, struct err *err)
{
	return html_write(
		in->a, &(struct html_options){ .title = "title", .version = "1" }, out, err);
}

static int draw_in_terminal(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct render_term_options options = { .colours = true, .utf8 = true };
	int rc = render_term_flame(in->a, &options, out, err);

	return rc == 0 ? render_term_top(in->a, &options, out, err) : rc;
}

static int list_in_text(const struct inputs *in, struct buf *out, struct err *err)
{
	return render_text_top(
		in->a, &(struct render_text_options){ .with_header = true }, out, err);
}

static int list_parts_in_text(const struct inputs *in, struct buf *out, struct err *err)
{
	const struct render_text_options options = { 0 };
	int rc = render_calls_tree(in->a, &options, out, err);

	rc = rc < 0 ? rc : render_samples_traces(in->a, &options, out, err);
	return rc < 0 ? rc : render_samples_tags(in->a, &options, out, err);
}

static const struct use {
	const char *name;
	use_fn *use;
} uses[] = {
	{ "merge", add_up },
	{ "merge, scaled", subtract },
	{ "merge side by side", pair },
	{ "merge of common types", common_types },
	{ "filter", keep_a_part },
	{ "label values as frames", group },
	{ "tree", grow },
	{ "tree, inverted", grow_upside_down },
	{ "tree of a comparison", grow_both },
	{ "top", rank },
	{ "peek", peek },
	{ "diff in text", tell_change },
	{ "SVG", draw_svg },
	{ "SVG of a comparison", draw_svg_of_change },
	{ "page", draw_page },
	{ "terminal", draw_in_terminal },
	{ "top in text", list_in_text },
	{ "other views in text", list_parts_in_text },
};

/* ---- the proof ---- */

static bool complain(const char *what, long nth, const char *wrong)
{
	printf("FAILED: %s: allocation %ld: %s\n", what, nth, wrong);
	return false;
}

/* One run with the nth allocation failing; *ret_over: there are not that many. */
static bool survives(const struct use *use, const struct inputs *in, long nth, struct view expected,
	bool *ret_over)
{
	struct err err = { 0 };
	struct buf out = { 0 };
	long before = n_living;
	bool is_equal;
	int rc;

	arm(nth);
	rc = use->use(in, &out, &err);
	*ret_over = n_asked < nth;
	arm(0);
	is_equal = !out.failed && view_equal(buf_view(&out), expected);
	if (rc == 0 && out.failed)
		rc = err_set(&err, ERR_NOMEM, "the buffer says so");
	buf_fini(&out);
	if (n_living != before)
		return complain(use->name, nth, "memory is lost");
	if (rc == 0)
		return is_equal || complain(use->name, nth, "it is lost without a word");
	if (rc != ERR_NOMEM)
		return complain(use->name, nth, err.text);
	return err.text[0] || complain(use->name, nth, "no sentence");
}

static bool survives_all(const struct use *use, const struct inputs *in)
{
	struct buf expected = { 0 };
	bool is_over = false, ok = true;
	struct err err;
	long nth = 0;

	if (use->use(in, &expected, &err) < 0) {
		printf("not asked: %s: %s\n", use->name, err.text);
		buf_fini(&expected);
		return true;
	}
	while (ok && !is_over && nth < FAULTS_MAX)
		ok = survives(use, in, ++nth, buf_view(&expected), &is_over);
	buf_fini(&expected);
	if (ok)
		printf("ok: %s: each of %ld allocations\n", use->name, nth - 1);
	return ok && (is_over || complain(use->name, nth, "there is no end"));
}

/* Enough of everything: inlined and unnamed lines, labels, two types, mappings. */
static uint32_t add_location(struct profile *p, unsigned i)
{
	static const char *const names[] = { "a", "a.part.0", "main", "b", "\xc3\xa9<x>" };
	struct mapping mapping = { .file = profile_string(p, VIEW("/usr/bin/inventory")) };
	struct location location = { .address = 0x1000 + i, .n_lines = i % 3 };
	struct line lines[2];

	location.mapping = profile_mapping(p, &mapping);
	for (unsigned k = 0; k < location.n_lines; k++) {
		uint32_t name = profile_string(p, view_of(names[(i + k) % 5]));
		struct function function = { .name = name, .system_name = name };

		function.file = profile_string(p, VIEW("src/main.c"));
		lines[k] = (struct line){ .function = profile_function(p, &function), .line = i };
	}
	return profile_location(p, &location, lines);
}

static struct profile *make(unsigned seed)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	p->accounting = (struct accounting){ .known = true, .attempted = 40, .complete = 40 };
	profile_comment(p, VIEW("a comment"));
	for (unsigned i = 0; i < 40; i++) {
		struct label label = { .key = profile_string(p, VIEW("a host")),
			.str = profile_string(p, i % 2 ? VIEW("h1") : VIEW("h2")) };
		uint32_t stack = STACK_EMPTY;

		for (unsigned depth = 0; depth < 1 + i % 5; depth++)
			stack = profile_push(
				p, stack, add_location(p, (i * seed + depth * 3) % 13));
		profile_add(p, stack, profile_labels(p, &label, i % 3 ? 1 : 0),
			(int64_t[]){ 1 + i % 4, 10000000 * (1 + i % 4) });
	}
	return p;
}

/* Which nobody can write here. */
static bool survive_jfr(struct inputs *in)
{
	struct buf bytes = { 0 };
	bool ok;

	jfr_made(&bytes);
	in->bytes = buf_view(&bytes);
	ok = survives_all(&(struct use){ "decode jfr", decode }, in);
	buf_fini(&bytes);
	return ok;
}

static bool survive_formats(struct inputs *in)
{
	bool ok = true;

	for (size_t i = 0; codec_all[i]; i++) {
		struct buf bytes = { 0 }, name = { 0 };

		in->codec = codec_all[i];
		buf_add_format(&name, "encode %s%c", in->codec->name, 0);
		if (in->codec->encode) {
			ok &= survives_all(&(struct use){ name.at, encode }, in);
			in->codec->encode(in->a, &bytes, NULL);
			in->bytes = buf_view(&bytes);
			memcpy(name.at, "de", 2);
			ok &= survives_all(&(struct use){ name.at, decode }, in);
		}
		buf_fini(&bytes);
		buf_fini(&name);
	}
	return ok;
}

int main(void)
{
	struct profile *a = make(7), *b = make(11);
	struct inputs in = { .a = a, .b = b };
	bool ok = survive_formats(&in) & survive_jfr(&in);

	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++)
		ok &= survives_all(&uses[i], &in);
	profile_free(a);
	profile_free(b);
	return ok && n_living == 0 ? 0 : 1;
}
