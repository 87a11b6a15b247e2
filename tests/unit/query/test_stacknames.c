/* test_stacknames: the stacks of a dictionary have the names that the profiles had. */
#include "testing.h"

#include "query/kept_profiles.h"
#include "query/stacknames.h"

static int keep(void *owner, const struct store_part *part)
{
	*(struct store_dictionary **)owner = dictionary_ref(part->dictionary);
	return 1; /* the first part is enough */
}

static void every_frame_has_its_name(void **state)
{
	struct store_dictionary *dictionary = NULL;
	struct store_select select = kept_select();
	const struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = keep, .owner = &dictionary
	};
	const struct dictionary_node *nodes;
	struct stacknames names;
	struct store *store;
	size_t n, n_frames, n_works = 0;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ 0 }, "main;work|1\nmain;wait|2\nwork|4");
	assert_int_equal(store_scan(store, &scan, NULL), 1);
	assert_int_equal(
		stacknames_init(&names, dictionary, &(struct stacknames_options){ 0 }, NULL), 0);
	nodes = dictionary_nodes(dictionary, &n);
	assert_int_equal(names.n_nodes, n);
	for (size_t i = 1; i < n; i++) {
		const struct frame *frames = stacknames_frames(&names, &nodes[i], &n_frames);

		assert_int_equal(n_frames, 1);
		n_works += view_equal(stacknames_text(&names, frames), VIEW("work"));
		if (frames->name == stacknames_find(&names, VIEW("main")))
			assert_int_equal(nodes[i].parent, 0);
	}
	assert_int_equal(n_works, 2);
	assert_int_equal(stacknames_find(&names, VIEW("nobody")), STRINGS_NONE);
	stacknames_fini(&names, NULL);
	dictionary_unref(dictionary);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
