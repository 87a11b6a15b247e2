/* fuzz_tree: any profile that decodes can be drawn, printed, filtered and compared. */
#include <stdlib.h>

#include "codec/codec.h"
#include "model/change.h"
#include "model/filter.h"
#include "model/merge.h"
#include "model/peek.h"
#include "model/tree.h"
#include "render/render_svg.h"
#include "render/render_term.h"
#include "render/render_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool starts_low(const void *state, struct view text)
{
	return text.len && text.at[0] < 'e';
}

static void draw(const struct profile *p, struct buf *out, bool reverse)
{
	struct render_svg_options svg = { .reverse = reverse, .by_hash = reverse, .width = 300 };
	struct render_term_options term = {
		.columns = 40, .rows_max = 50, .reverse = reverse, .utf8 = reverse, .colours = true
	};
	struct render_text_options text = { .with_header = true,
		.granularity = reverse ? FRAMES_LINES : FRAMES_FUNCTIONS };

	render_svg(p, &svg, out, NULL);
	render_term_flame(p, &term, out, NULL);
	render_term_top(p, &term, out, NULL);
	render_text_top(p, &text, out, NULL);
	buf_clear(out);
}

static void grow(const struct profile *p, size_t type)
{
	uint32_t key = p->n_labels ? p->labels[0].key : 0;
	struct tree_options options = { .type = type,
		.base_type = 0,
		.nodes_max = 100000,
		.group_by = &key,
		.n_group_by = key != 0 };
	struct tree tree;

	tree_build(p, &options, &tree, NULL);
	tree_fini(&tree);
	options.inverted = true;
	options.order = TREE_AS_TEXT;
	tree_build(p, &options, &tree, NULL);
	tree_fini(&tree);
}

static void compare(const struct profile *p, const struct profile *other)
{
	PROFILE_AUTO pair = NULL;
	struct change change;

	if (merge_pair(p, other, VIEW(""), &pair, NULL) < 0)
		return;
	change_build(pair, 100, 100, &change, NULL);
	change_fini(&change);
}

static void look(const struct profile *p)
{
	struct peek_options options = { .granularity = FRAMES_FUNCTIONS };
	struct peek peek;

	if (p->n_functions)
		options.name = profile_text(p, p->functions[0].name);
	peek_build(p, &options, &peek, NULL);
	peek_fini(&peek);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = { (const char *)bytes, len };
	struct filter_options options = { .focus = { starts_low, NULL },
		.hide = { len % 2 ? starts_low : NULL, NULL },
		.show_from = { len % 3 ? starts_low : NULL, NULL } };
	PROFILE_AUTO p = NULL;
	PROFILE_AUTO part = NULL;
	BUF_AUTO out = { .max = 64 << 20 };

	if (codec_decode(input, &p, NULL) < 0 || p->n_types == 0)
		return 0;
	draw(p, &out, false);
	draw(p, &out, true);
	grow(p, p->n_types - 1);
	look(p);
	if (filter(p, &options, &part, NULL) < 0)
		return 0;
	draw(part, &out, false);
	compare(p, part);
	return 0;
}
