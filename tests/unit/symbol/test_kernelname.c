/* test_kernelname: kernel functions get their names, and no kernel address stays. */
#include "symbol/kernelname.h"

#include "model/profile.h"
#include "symbol/kallsyms.h"
#include "testing.h"

static uint32_t add(struct profile *p, uint64_t address)
{
	struct mapping mapping = { .start = UINT64_C(1) << 63,
		.limit = UINT64_MAX,
		.file = profile_string(p, VIEW(KALLSYMS_KERNEL)) };
	struct location location = { .address = address, .mapping = profile_mapping(p, &mapping) };

	return profile_location(p, &location, NULL);
}

static struct view name_of(const struct profile *p, uint32_t location)
{
	const struct location *at = &p->locations[location];

	assert_true(at->n_lines > 0);
	return profile_text(p, p->functions[p->lines[at->first_line].function].name);
}

static const struct mapping *mapping_of(const struct profile *p, uint32_t location)
{
	return &p->mappings[p->locations[location].mapping];
}

static void kernel_addresses_become_relative_to_their_module(void **state)
{
	struct kallsyms *symbols;
	struct profile *p = profile_new();
	uint32_t kernel, module, far;

	assert_int_equal(kallsyms_parse(VIEW("ffffffff81000000 T _text\n"
					     "ffffffff81000100 T do_work\n"
					     "ffffffffc0201000 t ext4_init\t[ext4]\n"
					     "ffffffffc0201040 t ext4_read\t[ext4]\n"),
				 &symbols, NULL),
		0);
	kernel = add(p, 0xffffffff81000104);
	module = add(p, 0xffffffffc0201042);
	far = add(p, 0xffffffffd0000000);
	assert_true(kernelname_give(p, kernel, symbols));
	assert_true(kernelname_give(p, module, symbols));
	assert_false(kernelname_give(p, far, symbols));
	kernelname_hide(p, p->locations[kernel].mapping);
	assert_view_equal(name_of(p, kernel), "do_work");
	assert_view_equal(name_of(p, module), "ext4_read");
	assert_view_equal(name_of(p, far), "[kernel]");
	assert_view_equal(profile_text(p, mapping_of(p, module)->file), "[ext4]");
	assert_int_equal(p->locations[kernel].address, 0x104);
	assert_int_equal(p->locations[module].address, 0x42);
	assert_true(mapping_of(p, kernel)->has_functions);
	for (size_t i = 0; i < p->n_locations; i++)
		assert_true(p->locations[i].address < (uint64_t)1 << 32);
	for (size_t i = 0; i < p->n_mappings; i++)
		assert_true(p->mappings[i].start == 0 && p->mappings[i].limit <= (uint64_t)1 << 32);
	kallsyms_free(symbols);
	profile_free(p);
}

static void without_the_list_all_is_the_kernel(void **state)
{
	struct profile *p = profile_new();
	uint32_t location = add(p, 0xffffffff81000104);

	assert_false(kernelname_give(p, location, NULL));
	kernelname_hide(p, p->locations[location].mapping);
	assert_view_equal(name_of(p, location), "[kernel]");
	assert_int_equal(p->locations[location].address, 0);
	assert_false(mapping_of(p, location)->has_functions);
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_addresses_become_relative_to_their_module),
		cmocka_unit_test(without_the_list_all_is_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
