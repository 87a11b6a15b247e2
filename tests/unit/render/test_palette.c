/* test_palette: colours as flamegraph.pl was seen to give them (svg_geometry proves many more). */
#include "testing.h"

#include "render/palette.h"

static void assert_colour(struct colour seen, int red, int green, int blue)
{
	assert_int_equal(seen.red, red);
	assert_int_equal(seen.green, green);
	assert_int_equal(seen.blue, blue);
}

static struct colour colour(const char *palette, const char *name, bool by_hash)
{
	return palette_colour(palette_find(view_of(palette)), view_of(name), FRAME_USER, by_hash);
}

static void a_name_has_its_colour(void **state)
{
	assert_colour(colour("hot", "a", false), 236, 146, 35);
	assert_colour(colour("hot", "main", false), 243, 179, 42);
	assert_colour(colour("hot", "", false), 213, 39, 9);
	assert_colour(colour("hot", "foo", true), 247, 199, 47);
	assert_colour(colour("hot", "mod`func", true), 253, 172, 53);
	assert_colour(colour("java", "--", false), 160, 160, 160);
}

static void the_kind_stands_in_for_a_missing_suffix(void **state)
{
	const struct palette *java = palette_find(VIEW("java"));
	struct colour named = palette_colour(java, VIEW("vfs_read_[k]"), FRAME_KERNEL, true);
	struct colour known = palette_colour(java, VIEW("vfs_read"), FRAME_KERNEL, true);
	struct colour user = palette_colour(java, VIEW("vfs_read"), FRAME_USER, true);

	assert_int_equal(named.blue, 0); /* orange has no blue */
	assert_int_equal(known.blue, 0);
	assert_int_not_equal(user.blue, 0);
}

static void growth_is_red_and_shrinkage_blue(void **state)
{
	assert_colour(palette_change(0, 70), 255, 255, 255);
	assert_colour(palette_change(10, 70), 255, 180, 180);
	assert_colour(palette_change(-70, 70), 0, 0, 255);
	assert_colour(palette_change(500, 70), 255, 0, 0);
}

static void only_known_suffixes_are_cut(void **state)
{
	assert_view_equal(palette_without_suffix(VIEW("read_[k]")), "read");
	assert_view_equal(palette_without_suffix(VIEW("read_[x]")), "read_[x]");
	assert_view_equal(palette_without_suffix(VIEW("[k]")), "[k]");
}

static void every_palette_named_exists(void **state)
{
	struct view rest = view_of(palette_names());
	bool more = true;

	while (more)
		assert_non_null(palette_find(view_trim(view_take(&rest, ',', &more))));
	assert_null(palette_find(VIEW("plaid")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_its_colour),
		cmocka_unit_test(the_kind_stands_in_for_a_missing_suffix),
		cmocka_unit_test(growth_is_red_and_shrinkage_blue),
		cmocka_unit_test(only_known_suffixes_are_cut),
		cmocka_unit_test(every_palette_named_exists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
