/* test_callnames: lines, trees and tries, whole and damaged. */
#include "testing.h"

#include "ingest/callnames.h"
#include "ingest/ingest_samples.h"
#include "wire/proto.h"

static void node(struct buf *out, const char *name, uint64_t self, uint64_t children)
{
	proto_put_varint(out, strlen(name));
	buf_add_text(out, name);
	proto_put_varint(out, self);
	proto_put_varint(out, children);
}

static void equal_lines_add_up(void **state)
{
	PROFILE_AUTO profile = profile_new();

	assert_int_equal(callnames_lines(VIEW("a;b\r\na;b\n\na\na;b"), profile, NULL), 0);
	assert_int_equal(value_at(profile, "a;b"), 3);
	assert_int_equal(value_at(profile, "a"), 1);
	assert_int_equal(profile->n_samples, 2);
}

static void a_tree_has_names_of_frames(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };

	node(&bytes, "", 0, 2);
	node(&bytes, "main", 1, 2);
	node(&bytes, "work", 5, 0);
	node(&bytes, "idle", 7, 0);
	node(&bytes, "other", 2, 0);
	assert_int_equal(callnames_tree(buf_view(&bytes), profile, NULL), 0);
	assert_int_equal(value_at(profile, "main"), 1);
	assert_int_equal(value_at(profile, "main;work"), 5);
	assert_int_equal(value_at(profile, "main;idle"), 7);
	assert_int_equal(value_at(profile, "other"), 2);
}

static void a_trie_shares_the_beginnings_of_lines(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };

	node(&bytes, "", 0, 2);
	node(&bytes, "ma", 0, 3);
	node(&bytes, "in;work", 5, 1);
	node(&bytes, "er;x", 2, 0);
	node(&bytes, "p;y;z", 4, 0);
	node(&bytes, "in", 1, 0);
	node(&bytes, "q", 9, 0);
	assert_int_equal(callnames_trie(buf_view(&bytes), profile, NULL), 0);
	assert_int_equal(value_at(profile, "main;work"), 5);
	assert_int_equal(value_at(profile, "main;worker;x"), 2);
	assert_int_equal(value_at(profile, "map;y;z"), 4);
	assert_int_equal(value_at(profile, "main"), 1);
	assert_int_equal(value_at(profile, "q"), 9);
}

static void what_is_cut_anywhere_is_refused(void **state)
{
	BUF_AUTO bytes = { 0 };

	node(&bytes, "", 0, 1);
	node(&bytes, "main;a", 0, 2);
	node(&bytes, "b", 300, 0);
	node(&bytes, "c", 7, 0);
	for (size_t len = 0; len < bytes.len; len++) {
		PROFILE_AUTO tree = profile_new();
		PROFILE_AUTO trie = profile_new();
		struct view cut = { bytes.at, len };

		assert_int_equal(callnames_tree(cut, tree, NULL), ERR_CORRUPT);
		assert_int_equal(callnames_trie(cut, trie, NULL), ERR_CORRUPT);
	}
}

static void lies_about_children_and_rests_are_refused(void **state)
{
	PROFILE_AUTO many = profile_new();
	PROFILE_AUTO rest = profile_new();
	BUF_AUTO bytes = { 0 };
	struct err err;

	node(&bytes, "a", 1, UINT64_C(1) << 60);
	assert_int_equal(callnames_tree(buf_view(&bytes), many, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "more children than there are bytes at byte"));
	buf_clear(&bytes);
	node(&bytes, "a", 1, 0);
	node(&bytes, "b", 1, 0);
	assert_int_equal(callnames_tree(buf_view(&bytes), rest, &err), ERR_CORRUPT);
}

static void a_chain_deeper_than_the_limit_is_refused(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };

	for (size_t i = 0; i < CALLNAMES_DEPTH_MAX + 10; i++)
		node(&bytes, "f", 0, 1);
	node(&bytes, "f", 1, 0);
	assert_int_equal(callnames_tree(buf_view(&bytes), profile, NULL), ERR_LIMIT);
}

/* One long name at the root, and very many small ends: each names all of it anew. */
static void names_that_cost_more_than_they_are_long_are_refused(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };
	BUF_AUTO name = { 0 };

	for (size_t i = 0; i < CALLNAMES_NAME_MAX - 1; i++)
		buf_add_char(&name, 'x');
	buf_add_char(&name, '\0');
	node(&bytes, name.at, 0, 100000);
	for (int i = 0; i < 100000; i++)
		node(&bytes, "", 1, 0);
	assert_int_equal(callnames_trie(buf_view(&bytes), profile, NULL), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_lines_add_up),
		cmocka_unit_test(a_tree_has_names_of_frames),
		cmocka_unit_test(a_trie_shares_the_beginnings_of_lines),
		cmocka_unit_test(what_is_cut_anywhere_is_refused),
		cmocka_unit_test(lies_about_children_and_rests_are_refused),
		cmocka_unit_test(a_chain_deeper_than_the_limit_is_refused),
		cmocka_unit_test(names_that_cost_more_than_they_are_long_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
