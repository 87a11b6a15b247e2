/* test_kallsyms: the kernel's functions, without where the kernel is. */
#include "programs.h"

#include <stdio.h>
#include <unistd.h>

#include "symbol/kallsyms.h"
#include "symbol/symcache.h"

static const char listing[] = "0000000000000000 A fixed_percpu_data\n"
			      "ffffffff81000000 T _text\n"
			      "ffffffff81000000 T startup_64\n"
			      "ffffffff81000100 t do_work\n"
			      "ffffffff81000100 T exported_alias\n"
			      "ffffffff81000200 D some_data\n"
			      "ffffffff81000300 W weak_one\n"
			      "not a line\n"
			      "ffffffffc0201000 t ext4_init\t[ext4]\n"
			      "ffffffffc0201040 t ext4_read\t[ext4]\n"
			      "ffffffffc0300000 t bpf_prog_1\t[bpf]\n";

static struct kallsyms *parse(const char *text)
{
	struct kallsyms *symbols;

	assert_int_equal(kallsyms_parse(view_of(text), &symbols, NULL), 0);
	return symbols;
}

static void addresses_are_relative_to_the_kernels_text(void **state)
{
	struct kallsyms *symbols = parse(listing);
	struct kallsyms_hit hit;

	assert_true(kallsyms_find(symbols, 0xffffffff81000142, &hit));
	assert_view_equal(hit.name, "exported_alias");
	assert_view_equal(hit.module, "[kernel.kallsyms]");
	assert_int_equal(hit.address, 0x142);
	assert_true(kallsyms_find(symbols, 0xffffffff81000301, &hit));
	assert_view_equal(hit.name, "weak_one");
	kallsyms_free(symbols);
}

static void a_module_counts_from_its_lowest_function(void **state)
{
	struct kallsyms *symbols = parse(listing);
	struct kallsyms_hit hit;

	assert_true(kallsyms_find(symbols, 0xffffffffc0201044, &hit));
	assert_view_equal(hit.name, "ext4_read");
	assert_view_equal(hit.module, "[ext4]");
	assert_int_equal(hit.address, 0x44);
	assert_true(kallsyms_find(symbols, 0xffffffffc0300000, &hit));
	assert_view_equal(hit.module, "[bpf]");
	assert_int_equal(hit.address, 0);
	kallsyms_free(symbols);
}

static void what_is_far_from_any_function_has_no_name(void **state)
{
	struct kallsyms *symbols = parse(listing);
	struct kallsyms_hit hit;

	assert_false(kallsyms_find(symbols, 0xffffffff80ffffff, &hit));
	assert_false(kallsyms_find(symbols, 0xffffffff90000000, &hit));
	assert_false(kallsyms_find(symbols, 0x1000, &hit));
	assert_false(kallsyms_restricted(symbols));
	kallsyms_free(symbols);
}

static void hidden_addresses_are_noticed(void **state)
{
	struct kallsyms *symbols = parse("0000000000000000 T _text\n0000000000000000 t do_work\n");
	struct kallsyms_hit hit;

	assert_true(kallsyms_restricted(symbols));
	assert_false(kallsyms_find(symbols, 0, &hit));
	kallsyms_free(symbols);
}

static void this_kernels_own_list_is_read(void **state)
{
	struct kallsyms *symbols;
	struct kallsyms_hit hit;
	char line[256], name[128];
	unsigned long long address;
	FILE *file = fopen("/proc/kallsyms", "r");
	int checked = 0;

	if (!file || geteuid() != 0) {
		print_message("skipped: /proc/kallsyms shows addresses to root only\n");
		skip();
	}
	assert_int_equal(kallsyms_load(&symbols, NULL), 0);
	if (kallsyms_restricted(symbols)) {
		print_message("skipped: kernel.kptr_restrict hides the addresses\n");
		skip();
	}
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %*[T] %127s", &address, name) == 2 &&
			strcmp(name, "vfs_read") == 0) {
			assert_true(kallsyms_find(symbols, address + 1, &hit));
			assert_view_equal(hit.name, "vfs_read");
			checked++;
		}
	assert_int_equal(checked, 1);
	fclose(file);
	kallsyms_free(symbols);
}

static uint64_t address_of(const char *wanted, const char *wanted_module)
{
	char line[512], name[256], module[128];
	unsigned long long address, found = 0;
	FILE *file = fopen("/proc/kallsyms", "r");

	while (file && !found && fgets(line, sizeof(line), file)) {
		int n = sscanf(line, "%llx %*c %255s %127s", &address, name, module);

		if ((!wanted || strcmp(name, wanted) == 0) &&
			(wanted_module ? n == 3 && strcmp(module, wanted_module) == 0 : n == 2))
			found = address;
	}
	if (file)
		fclose(file);
	return found;
}

static void what_was_kept_finds_the_same_without_what_comes_and_goes(void **state)
{
	struct kallsyms *whole, *kept;
	struct symcache *cache;
	struct kallsyms_hit a, b;
	uint64_t address = address_of("vfs_read", NULL), passing = address_of(NULL, "[bpf]");

	if (!address) {
		print_message("skipped: /proc/kallsyms shows no addresses\n");
		skip();
	}
	assert_int_equal(symcache_open("kernel-cache", 0, &cache, NULL), 0);
	assert_int_equal(kallsyms_load(&whole, NULL), 0);
	kallsyms_keep(whole, cache);
	assert_int_equal(kallsyms_recall(cache, &kept, NULL), 0);
	assert_true(kallsyms_find(whole, address + 1, &a));
	assert_true(kallsyms_find(kept, address + 1, &b));
	assert_view_equal(b.name, "vfs_read");
	assert_true(view_equal(a.module, b.module));
	assert_int_equal(a.address, b.address);
	if (passing)
		assert_false(kallsyms_find(kept, passing, &b));
	kallsyms_free(whole);
	kallsyms_free(kept);
	symcache_free(cache);
}

/* The key is of this boot, so a second cache holds nothing. */
static void nothing_is_recalled_that_was_not_kept(void **state)
{
	struct kallsyms *kept;
	struct symcache *cache;

	assert_int_equal(symcache_open("empty-cache", 0, &cache, NULL), 0);
	assert_int_equal(kallsyms_recall(cache, &kept, NULL), ERR_NOT_FOUND);
	symcache_free(cache);
}

/* A list that was made up must not become this kernel's. */
static void a_list_without_a_beginning_is_not_kept(void **state)
{
	struct kallsyms *symbols = parse("ffffffff81000100 t do_work\n");
	struct symcache *cache;
	struct kallsyms *kept;

	assert_int_equal(symcache_open("third-cache", 0, &cache, NULL), 0);
	kallsyms_keep(symbols, cache);
	assert_int_equal(kallsyms_recall(cache, &kept, NULL), ERR_NOT_FOUND);
	kallsyms_free(symbols);
	symcache_free(cache);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_relative_to_the_kernels_text),
		cmocka_unit_test(a_module_counts_from_its_lowest_function),
		cmocka_unit_test(what_is_far_from_any_function_has_no_name),
		cmocka_unit_test(hidden_addresses_are_noticed),
		cmocka_unit_test(this_kernels_own_list_is_read),
		TEST(what_was_kept_finds_the_same_without_what_comes_and_goes),
		TEST(nothing_is_recalled_that_was_not_kept),
		TEST(a_list_without_a_beginning_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
