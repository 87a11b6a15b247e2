/* test_layout: what the page gets sums up to what the tree has, whole or pruned. */
#include "testing.h"

#include <stdlib.h>

#include "folded_tree.h"
#include "model/merge.h"
#include "render/layout.h"

#define NODES 4096

/* A layout read back by the format's document, not by the code that writes it. */
struct picture {
	uint32_t magic, flags, n_nodes, n_frames, n_texts, whole;
	uint64_t lengths[NODES], names[NODES], modules[NODES], kinds[NODES], families[NODES];
	uint64_t children[NODES], frames[NODES], self[NODES], ids[NODES], hidden[NODES];
	uint64_t base[NODES];
	char texts[1 << 16];
	uint64_t total[NODES];
};

static uint32_t u32_at(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static const unsigned char *read_numbers(const unsigned char *at, uint64_t *into, size_t n)
{
	const unsigned char *end = at + 4 + u32_at(at);

	at += 4;
	for (size_t i = 0; i < n; i++) {
		unsigned shift = 0;

		into[i] = 0;
		do
			into[i] |= (uint64_t)(*at & 0x7f) << shift;
		while (shift += 7, *at++ & 0x80);
	}
	assert_ptr_equal(at, end);
	return end;
}

/* Totals from the leaves up: children of a node are the next ones in level order. */
static void sum(struct picture *p)
{
	uint64_t end = p->n_nodes;

	for (size_t i = p->n_nodes; i-- > 0;) {
		p->total[i] = p->self[i];
		for (uint64_t c = 0; c < p->children[i]; c++)
			p->total[i] += p->total[--end];
	}
	assert_int_equal(end, 1);
}

static struct picture *read_layout(const struct buf *bytes)
{
	struct picture *p = calloc(1, sizeof(*p));
	const unsigned char *at = (const unsigned char *)bytes->at;
	size_t n_hidden = 0;

	p->magic = u32_at(at);
	p->flags = u32_at(at + 4);
	p->n_nodes = u32_at(at + 8);
	p->n_frames = u32_at(at + 12);
	p->n_texts = u32_at(at + 16);
	p->whole = u32_at(at + 20);
	at = read_numbers(at + 24, p->lengths, p->n_texts);
	memcpy(p->texts, at + 4, u32_at(at));
	at = read_numbers(at + 4 + u32_at(at), p->names, p->n_frames);
	at = read_numbers(at, p->modules, p->n_frames);
	at = read_numbers(at, p->kinds, p->n_frames);
	at = read_numbers(at, p->families, p->n_frames);
	at = read_numbers(at, p->children, p->n_nodes);
	at = read_numbers(at, p->frames, p->n_nodes);
	at = read_numbers(at, p->self, p->n_nodes);
	if (p->flags & LAYOUT_PRUNED) {
		at = read_numbers(at, p->ids, p->n_nodes);
		for (size_t i = 1; i < p->n_nodes; i++)
			p->ids[i] += p->ids[i - 1];
		for (size_t i = 0; i < p->n_nodes; i++)
			n_hidden += p->kinds[p->frames[i]] == LAYOUT_ELIDED;
		at = read_numbers(at, p->hidden, n_hidden);
	}
	if (p->flags & LAYOUT_PAIR)
		at = read_numbers(at, p->base, p->n_nodes);
	assert_ptr_equal(at, bytes->at + bytes->len);
	sum(p);
	return p;
}

static struct view name_of(const struct picture *p, size_t node)
{
	uint64_t text = p->names[p->frames[node]], at = 0;

	for (uint64_t i = 0; i < text; i++)
		at += p->lengths[i];
	return (struct view){ p->texts + at, p->lengths[text] };
}

static struct picture *layout_of(const struct tree *tree, const struct layout_options *options)
{
	BUF_AUTO out = { 0 };

	assert_int_equal(layout_write(tree, options, &out, NULL), 0);
	return read_layout(&out);
}

static void an_inlined_frame_is_of_its_modules_family(void **state)
{
	struct tree tree = folded_tree("main;inner_[i] 5\nruntime.alloc_[i] 1\nwrite_[k] 2\n");
	struct picture *p = layout_of(&tree, &(struct layout_options){ 0 });
	const uint8_t families[] = { FRAME_GROUP, FRAME_USER, FRAME_RUNTIME, FRAME_KERNEL,
		FRAME_USER };
	const uint8_t kinds[] = { FRAME_GROUP, FRAME_USER, FRAME_INLINED, FRAME_KERNEL,
		FRAME_INLINED };

	assert_int_equal(p->n_nodes, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(p->families[p->frames[i]], families[i]);
		assert_int_equal(p->kinds[p->frames[i]], kinds[i]);
	}
	free(p);
	tree_fini(&tree);
}

static void a_small_tree_is_written_whole_in_level_order(void **state)
{
	struct tree tree = folded_tree("a;b;c 5\na;b 2\na;d 1\ne 4\n");
	struct picture *p = layout_of(&tree, &(struct layout_options){ 0 });
	const char *const names[] = { "all", "a", "e", "b", "d", "c" };
	const uint64_t totals[] = { 12, 8, 4, 7, 1, 5 };

	assert_int_equal(p->magic, LAYOUT_MAGIC);
	assert_int_equal(p->flags, 0);
	assert_int_equal(p->n_nodes, 6);
	assert_int_equal(p->whole, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_view_equal(name_of(p, i), names[i]);
		assert_int_equal(p->total[i], totals[i]);
	}
	free(p);
	tree_fini(&tree);
}

static void equal_frames_are_written_once(void **state)
{
	struct tree tree = folded_tree("a;f 1\nb;f 2\nc;f;f 3\n");
	struct picture *p = layout_of(&tree, &(struct layout_options){ 0 });

	assert_int_equal(p->n_nodes, 8);
	assert_int_equal(p->n_frames, 5); /* all a b c f */
	free(p);
	tree_fini(&tree);
}

/* A wide frame, and a thousand that are each far narrower than a step. */
static struct tree comb(void)
{
	BUF_AUTO text = { 0 };
	struct tree tree;

	buf_add_text(&text, "wide;below 90000000\n");
	for (int i = 0; i < 1000; i++)
		buf_add_format(&text, "main;tooth%04d;deep 1\n", i);
	buf_add_char(&text, '\0');
	tree = folded_tree(text.at);
	return tree;
}

static void what_is_left_out_keeps_its_width_and_is_counted(void **state)
{
	struct tree tree = comb();
	struct picture *p = layout_of(&tree, &(struct layout_options){ .whole_max = 1 });

	assert_int_equal(p->flags, LAYOUT_PRUNED);
	assert_int_equal(p->n_nodes, 4); /* all, (main), wide, below */
	assert_int_equal(p->whole, tree.n_nodes);
	assert_int_equal(p->total[0], tree.total[0]);
	assert_int_equal(p->kinds[p->frames[1]], LAYOUT_ELIDED);
	assert_int_equal(p->total[1], 1000);
	assert_int_equal(p->hidden[0], 1);
	free(p);
	tree_fini(&tree);
}

static void looking_closer_brings_what_was_left_out(void **state)
{
	struct tree tree = comb();
	struct picture *p =
		layout_of(&tree, &(struct layout_options){ .whole_max = 1, .from = 0, .to = 1000 });

	assert_int_equal(p->n_nodes, 1 + 2 + 1000 + 1000);
	assert_int_equal(p->total[0], tree.total[0]);
	assert_view_equal(name_of(p, 3), "tooth0000");
	for (size_t i = 1; i < p->n_nodes; i++)
		assert_true(p->ids[i] > p->ids[i - 1]);
	free(p);
	tree_fini(&tree);
}

static void fewer_steps_are_a_coarser_picture_of_the_same_sums(void **state)
{
	struct tree tree = folded_tree("main;a 999\nmain;b 1\n");
	struct picture *fine = layout_of(&tree, &(struct layout_options){ .steps = 1024 });
	struct picture *coarse =
		layout_of(&tree, &(struct layout_options){ .whole_max = 1, .steps = 256 });

	assert_int_equal(fine->flags, 0); /* far fewer nodes than it has steps */
	assert_int_equal(fine->n_nodes, 4);
	assert_int_equal(coarse->flags, LAYOUT_PRUNED);
	assert_int_equal(coarse->n_nodes, 4);
	assert_int_equal(coarse->kinds[coarse->frames[3]], LAYOUT_ELIDED);
	assert_int_equal(coarse->total[0], fine->total[0]);
	free(fine);
	free(coarse);
	tree_fini(&tree);
}

static void a_diff_has_both_sides_of_every_frame(void **state)
{
	PROFILE_AUTO base = folded_profile("main;gone 2\nmain;kept 3\n");
	PROFILE_AUTO now = folded_profile("main;kept 5\nmain;new 7\n");
	PROFILE_AUTO pair = NULL;
	const char *const names[] = { "all", "main", "gone", "kept", "new" };
	const uint64_t self[] = { 0, 0, 0, 5, 7 }, before[] = { 0, 0, 2, 3, 0 };
	struct picture *p;
	struct tree tree;

	assert_int_equal(merge_pair(base, now, VIEW(""), &pair, NULL), 0);
	assert_int_equal(
		tree_build(pair, &(struct tree_options){ .type = 1, .base_type = 0 }, &tree, NULL),
		0);
	p = layout_of(&tree, &(struct layout_options){ .whole_max = 1 });
	assert_int_equal(p->flags, LAYOUT_PAIR);
	assert_int_equal(p->n_nodes, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_view_equal(name_of(p, i), names[i]);
		assert_int_equal(p->self[i], self[i]);
		assert_int_equal(p->base[i], before[i]);
	}
	free(p);
	tree_fini(&tree);
}

static void neighbours_outside_the_range_are_one_box(void **state)
{
	struct tree tree = comb();
	struct picture *p = layout_of(
		&tree, &(struct layout_options){ .whole_max = 1, .from = 500, .to = 510 });

	/* all; main and the rest; under main: 500 before, 10, 490 after; deep under each of the 10
	 */
	assert_int_equal(p->n_nodes, 1 + 2 + 12 + 10);
	assert_int_equal(p->hidden[0], 1);
	assert_int_equal(p->hidden[1], 500);
	assert_int_equal(p->hidden[2], 490);
	assert_int_equal(p->total[0], tree.total[0]);
	free(p);
	tree_fini(&tree);
}

static void a_senseless_range_is_the_whole_width(void **state)
{
	struct tree tree = comb();
	struct picture *p = layout_of(
		&tree, &(struct layout_options){ .whole_max = 1, .from = UINT64_MAX, .to = 3 });

	assert_int_equal(p->total[0], tree.total[0]);
	free(p);
	tree_fini(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_inlined_frame_is_of_its_modules_family),
		cmocka_unit_test(a_small_tree_is_written_whole_in_level_order),
		cmocka_unit_test(equal_frames_are_written_once),
		cmocka_unit_test(what_is_left_out_keeps_its_width_and_is_counted),
		cmocka_unit_test(looking_closer_brings_what_was_left_out),
		cmocka_unit_test(fewer_steps_are_a_coarser_picture_of_the_same_sums),
		cmocka_unit_test(a_diff_has_both_sides_of_every_frame),
		cmocka_unit_test(neighbours_outside_the_range_are_one_box),
		cmocka_unit_test(a_senseless_range_is_the_whole_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
