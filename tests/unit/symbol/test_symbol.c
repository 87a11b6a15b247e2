/* test_symbol: a whole profile gets its names. */
#include "programs.h"

#include "model/profile.h"
#include "symbol/perfmap.h"
#include "symbol/symbol.h"

static struct symbolizer *open_symbolizer(void)
{
	const struct symbolizer_options options = { .cache_dir = "cache", .debug_dir = "debug" };
	struct symbolizer *symbolizer;

	assert_int_equal(symbolizer_new(&options, &symbolizer, NULL), 0);
	return symbolizer;
}

static uint32_t add_mapping(struct profile *profile, const char *file, uint64_t start)
{
	struct mapping mapping = {
		.start = start, .limit = UINT64_MAX, .file = profile_string(profile, view_of(file))
	};

	return profile_mapping(profile, &mapping);
}

static uint32_t add(struct profile *profile, uint32_t mapping, uint64_t address)
{
	return profile_location(
		profile, &(struct location){ .address = address, .mapping = mapping }, NULL);
}

static struct view name_of(const struct profile *profile, uint32_t location)
{
	const struct location *at = &profile->locations[location];

	assert_true(at->n_lines > 0);
	return profile_text(
		profile, profile->functions[profile->lines[at->first_line].function].name);
}

/* Our own code, the kernel's, generated code, and addresses of nothing, in one profile. */
static void every_kind_of_mapping_is_named(void **state)
{
	struct symbolizer *symbolizer = open_symbolizer();
	struct object *object = programs_open("/proc/self/exe");
	PROFILE_AUTO profile = profile_new();
	struct symbol_source sources[4] = { { 0 } };
	struct symbol_stats stats;
	struct perfmap *perfmap;
	uint32_t own, kernel, jit, nothing;
	char path[64];
	uint64_t bias;

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", (int)getpid());
	programs_write(path, "7f0000 100 JS:*work a.js:4:17\n");
	assert_int_equal(perfmap_open(getpid(), &perfmap, NULL), 0);
	bias = (uintptr_t)every_kind_of_mapping_is_named;
	sources[1] = (struct symbol_source){ .kind = SYMBOL_OBJECT, .object = object };
	sources[2] = (struct symbol_source){ .kind = SYMBOL_KERNEL };
	sources[3] = (struct symbol_source){ .kind = SYMBOL_JIT, .perfmap = perfmap };
	{
		BUF_AUTO out = { 0 };
		char command[128];
		unsigned long long address;

		snprintf(command, sizeof(command),
			"nm /proc/%d/exe | awk '$3 == \"every_kind_of_mapping_is_named\" {print "
			"$1}'",
			(int)getpid());
		programs_output(command, &out);
		assert_int_equal(sscanf(out.at, "%llx", &address), 1);
		assert_int_equal((bias - address) & 0xfff, 0);
		own = add(profile, add_mapping(profile, "/bin/test", 0), address + 1);
	}
	kernel = add(profile, add_mapping(profile, "[kernel.kallsyms]", 0xffffffff80000000),
		0xffffffffffff0000);
	jit = add(profile, add_mapping(profile, "[jit]", 0x7f0000), 0x7f0010);
	nothing = add(profile, 0, 0x1234);
	assert_int_equal(symbol_resolve(symbolizer, profile, sources, &stats, NULL), 0);
	assert_view_equal(name_of(profile, own), "every_kind_of_mapping_is_named");
	assert_view_equal(name_of(profile, kernel), "[kernel]");
	assert_view_equal(name_of(profile, jit), "JS:*work a.js:4:17");
	assert_view_equal(name_of(profile, nothing), "[unknown]");
	assert_int_equal(stats.locations, 4);
	assert_int_equal(stats.named, 2);
	assert_int_equal(stats.objects, 1);
	assert_int_equal(profile->locations[kernel].address, 0);
	unlink(path);
	perfmap_free(perfmap);
	object_unref(object);
	symbolizer_free(symbolizer);
}

/* Two profiles, two open files, one build: it is read once, and comes from disk after that. */
static void a_build_is_read_once(void **state)
{
	struct symbol_stats stats[3];

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -Wl,--build-id=sha1 -o p p.c && mkdir cache");
	for (int round = 0; round < 2; round++) {
		struct symbolizer *symbolizer = open_symbolizer();

		for (int again = 0; again + round < 2; again++) {
			PROFILE_AUTO profile = profile_new();
			struct object *first = programs_open("p"), *second = programs_open("p");
			struct symbol_source sources[3] = { { 0 },
				{ .kind = SYMBOL_OBJECT, .object = first },
				{ .kind = SYMBOL_OBJECT, .object = second } };
			uint64_t text = object_section(first, ".text")->sh_addr;

			add(profile, add_mapping(profile, "/a/p", 0), text);
			add(profile, add_mapping(profile, "/b/p", 0), text);
			assert_int_equal(symbol_resolve(symbolizer, profile, sources,
						 &stats[2 * round + again], NULL),
				0);
			assert_view_equal(name_of(profile, 0), "main");
			assert_view_equal(name_of(profile, 1), "main");
			object_unref(first);
			object_unref(second);
		}
		symbolizer_free(symbolizer);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stats[i].objects, 1);
		assert_int_equal(stats[i].objects_cached, i > 0);
		assert_int_equal(stats[i].lined, 2);
	}
}

static void a_profile_that_has_names_stays_as_it_is(void **state)
{
	struct symbolizer *symbolizer = open_symbolizer();
	PROFILE_AUTO profile = profile_new();
	struct symbol_source none = { 0 };
	struct symbol_stats stats;
	uint32_t location = profile_named(profile, VIEW("work"));

	assert_int_equal(symbol_resolve(symbolizer, profile, &none, &stats, NULL), 0);
	assert_view_equal(name_of(profile, location), "work");
	assert_int_equal(stats.locations, 0);
	symbolizer_free(symbolizer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind_of_mapping_is_named),
		TEST(a_build_is_read_once),
		TEST(a_profile_that_has_names_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
