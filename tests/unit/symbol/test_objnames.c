/* test_objnames: all sources of one object's names together. */
#include "programs.h"

#include "base/vec.h"
#include "symbol/objnames.h"
#include "symbol/symcache.h"

static uint64_t address_of(const char *path, const char *function)
{
	unsigned long long address;
	BUF_AUTO out = { 0 };
	char command[128];

	snprintf(command, sizeof(command), "nm %s | awk '$3 == \"%s\" {print $1}'", path, function);
	programs_output(command, &out);
	assert_int_equal(sscanf(out.at, "%llx", &address), 1);
	return address;
}

static void resolve(struct objnames *names, const char *path, uint64_t address,
	const struct objnames_options *options)
{
	struct objnames_options with_dir = *options;
	struct object *object = programs_open(path);

	if (!with_dir.tables.debug_dir)
		with_dir.tables.debug_dir = "debug";
	objnames_resolve(names, object, &address, 1, &with_dir);
	object_unref(object);
}

static const struct objnames_frame *first_frame(const struct objnames *names, uint64_t address)
{
	size_t first;

	assert_true(objnames_find(names, address, &first) > 0);
	return &names->frames[first];
}

static void debug_information_tells_name_file_and_line(void **state)
{
	struct objnames names = { 0 };
	const struct objnames_frame *frame;
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	work = address_of("p", "work");
	resolve(&names, "p", work, &(struct objnames_options){ 0 });
	frame = first_frame(&names, work);
	assert_view_equal(frame->name, "work");
	assert_int_equal(frame->start_line, 14);
	assert_true(view_ends(frame->file, VIEW("/p.c")));
	objnames_fini(&names);
}

static void after_the_deadline_there_are_symbols_only(void **state)
{
	struct objnames names = { 0 };
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	work = address_of("p", "work");
	resolve(&names, "p", work, &(struct objnames_options){ .deadline_ns = 1 });
	assert_view_equal(first_frame(&names, work)->name, "work");
	assert_int_equal(first_frame(&names, work)->line, 0);
	assert_true(names.dwarf_failed);
	objnames_fini(&names);
}

static struct symcache *open_cache(void)
{
	struct symcache *cache;

	assert_int_equal(symcache_open("answers", 0, &cache, NULL), 0);
	return cache;
}

/* With a deadline that has passed nobody may be asked. */
static void answers_are_remembered_from_one_recording_to_the_next(void **state)
{
	struct objnames first = { 0 }, second = { 0 };
	struct objnames_options options = { .tables.cache = open_cache() };
	const struct objnames_frame *frame;
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -Wl,--build-id -o p p.c");
	work = address_of("p", "work");
	resolve(&first, "p", work, &options);
	assert_int_equal(first_frame(&first, work)->start_line, 14);
	options.deadline_ns = 1;
	resolve(&second, "p", work, &options);
	frame = first_frame(&second, work);
	assert_view_equal(frame->name, "work");
	assert_int_equal(frame->start_line, 14);
	assert_true(view_ends(frame->file, VIEW("/p.c")));
	assert_false(second.dwarf_failed);
	objnames_fini(&first);
	objnames_fini(&second);
	symcache_free(options.tables.cache);
}

static void another_build_has_no_part_in_them(void **state)
{
	struct objnames names = { 0 };
	struct objnames_options options = { .tables.cache = open_cache() };
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -Wl,--build-id -o p p.c && gcc -O1 -g -Wl,--build-id -o q p.c");
	work = address_of("p", "work");
	resolve(&names, "p", work, &options);
	objnames_fini(&names);
	work = address_of("q", "work");
	options.deadline_ns = 1;
	resolve(&names, "q", work, &options);
	assert_int_equal(first_frame(&names, work)->line, 0);
	assert_true(names.dwarf_failed);
	objnames_fini(&names);
	symcache_free(options.tables.cache);
}

static void without_lines_there_are_symbols_only(void **state)
{
	struct objnames names = { 0 };
	const struct objnames_frame *frame;
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	work = address_of("p", "work");
	resolve(&names, "p", work, &(struct objnames_options){ .no_lines = true });
	frame = first_frame(&names, work);
	assert_view_equal(frame->name, "work");
	assert_int_equal(frame->file.len, 0);
	assert_int_equal(frame->line, 0);
	objnames_fini(&names);
}

static void a_stripped_program_is_named_by_its_debug_file(void **state)
{
	struct objnames names = { 0 };
	uint64_t apart;

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -Wl,--build-id=0x0123456789abcdef -o p p.c");
	apart = address_of("p", "apart");
	programs_run("mkdir -p debug/.build-id/01 && objcopy --only-keep-debug p "
		     "debug/.build-id/01/23456789abcdef.debug && strip p");
	resolve(&names, "p", apart, &(struct objnames_options){ 0 });
	assert_view_equal(first_frame(&names, apart)->name, "apart");
	assert_int_equal(first_frame(&names, apart)->start_line, 18);
	objnames_fini(&names);
}

static void the_small_table_inside_names_what_is_not_exported(void **state)
{
	struct objnames names = { 0 };
	uint64_t apart;

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	PROGRAMS_NEED("xz");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -o p p.c");
	apart = address_of("p", "apart");
	programs_run("objcopy --strip-debug p mini && xz mini && strip p && "
		     "objcopy --add-section .gnu_debugdata=mini.xz p");
	resolve(&names, "p", apart, &(struct objnames_options){ 0 });
	assert_view_equal(first_frame(&names, apart)->name, "apart");
	objnames_fini(&names);
}

static void a_stripped_program_has_no_names(void **state)
{
	struct objnames names = { 0 };
	uint64_t apart;
	size_t first;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -o p p.c");
	apart = address_of("p", "apart");
	programs_run("strip p");
	resolve(&names, "p", apart, &(struct objnames_options){ 0 });
	assert_int_equal(objnames_find(&names, apart, &first), 0);
	assert_false(names.tables.failed);
	objnames_fini(&names);
}

static void cplusplus_names_are_for_people_and_for_the_linker(void **state)
{
	struct objnames names = { 0 }, raw = { 0 };
	const struct objnames_frame *frame;
	uint64_t run;

	PROGRAMS_NEED("g++");
	programs_write("p.cc",
		"namespace app { template <typename T> struct Box { T v; int run(int); };"
		"template <typename T> int Box<T>::run(int n) { return n + (int)v; }"
		"template struct Box<int>; } int main() {}");
	programs_run("g++ -O0 -o p p.cc");
	run = address_of("p", "_ZN3app3BoxIiE3runEi");
	resolve(&names, "p", run, &(struct objnames_options){ 0 });
	frame = first_frame(&names, run);
	assert_view_equal(frame->name, "app::Box<int>::run");
	assert_view_equal(frame->system_name, "_ZN3app3BoxIiE3runEi");
	resolve(&raw, "p", run, &(struct objnames_options){ .no_demangle = true });
	assert_view_equal(first_frame(&raw, run)->name, "_ZN3app3BoxIiE3runEi");
	objnames_fini(&names);
	objnames_fini(&raw);
}

/* Assembly has an entry for each alias; C says the name in the source. People look for the symbol.
 */
static void aliases_are_one_frame_with_the_name_of_the_symbol(void **state)
{
	struct objnames names = { 0 };
	uint64_t address;
	size_t first;

	PROGRAMS_NEED("gcc");
	programs_write("p.s", ".text\n"
			      ".globl __spin, spin\n"
			      ".type __spin,@function\n.type spin,@function\n"
			      "__spin:\nspin:\n nop\n nop\n ret\n"
			      ".size __spin,.-__spin\n.size spin,.-spin\n");
	programs_write("q.c", "void __attribute__((noinline)) __real_one(void) { __asm__(\"\"); }\n"
			      "void one(void) __attribute__((alias(\"__real_one\")));\n");
	programs_run("gcc -gdwarf-5 -nostdlib -shared -o p p.s && "
		     "gcc -g -nostdlib -shared -fPIC -o q q.c");
	address = address_of("p", "spin");
	resolve(&names, "p", address, &(struct objnames_options){ 0 });
	assert_int_equal(objnames_find(&names, address, &first), 1);
	assert_view_equal(names.frames[first].name, "spin");
	assert_true(names.frames[first].line > 0);
	objnames_fini(&names);
	address = address_of("q", "one");
	resolve(&names, "q", address, &(struct objnames_options){ 0 });
	assert_view_equal(first_frame(&names, address)->name, "one");
	assert_int_equal(first_frame(&names, address)->line, 1);
	objnames_fini(&names);
}

static void what_was_answered_is_not_asked_again(void **state)
{
	struct objnames names = { 0 };
	uint64_t work;
	size_t frames;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	work = address_of("p", "work");
	resolve(&names, "p", work, &(struct objnames_options){ 0 });
	frames = names.n_frames;
	resolve(&names, "p", work, &(struct objnames_options){ 0 });
	assert_int_equal(names.n_frames, frames);
	objnames_fini(&names);
}

static void the_second_time_the_table_comes_from_disk(void **state)
{
	struct symcache *cache;
	struct objnames_options options = { 0 };
	struct objnames first = { 0 }, second = { 0 }, stripped = { 0 };
	uint64_t apart;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -Wl,--build-id=sha1 -o p p.c");
	apart = address_of("p", "apart");
	assert_int_equal(symcache_open("cache", 0, &cache, NULL), 0);
	options.tables.cache = cache;
	resolve(&first, "p", apart, &options);
	resolve(&second, "p", apart, &options);
	assert_false(first.was_cached);
	assert_true(second.was_cached);
	assert_view_equal(first_frame(&second, apart)->name, "apart");
	/* The same build id, other contents. */
	programs_run("strip p");
	resolve(&stripped, "p", apart, &options);
	assert_false(stripped.was_cached);
	objnames_fini(&first);
	objnames_fini(&second);
	objnames_fini(&stripped);
	symcache_free(cache);
}

/* The table of symbols answers for what the child could not. */
static void where_debug_information_fails_symbols_answer(void **state)
{
	struct objnames names = { 0 };
	uint64_t work;

	PROGRAMS_NEED("gcc");
	programs_write("p.s", ".text\n.globl work\n.type work,@function\nwork:\n nop\n ret\n"
			      ".size work,.-work\n.Lend:\n"
			      ".section .debug_abbrev\n"
			      " .uleb128 1,0x11\n .byte 1\n .uleb128 0x11,1, 0x12,7, 0,0\n"
			      " .uleb128 2,0x2e\n .byte 0\n .uleb128 0x55,0x17, 0,0\n .uleb128 0\n"
			      ".section .debug_info\n"
			      ".Lu:\n .long .Le-.Lu-4\n .value 4\n .long 0\n .byte 8\n"
			      " .uleb128 1\n .quad work\n .quad .Lend-work\n"
			      " .rept 5000\n .uleb128 2\n .long 0\n .endr\n .uleb128 0\n.Le:\n"
			      ".section .debug_ranges\n"
			      " .rept 100000\n .quad 0\n .quad 1\n .endr\n .quad 0,0\n");
	programs_run("gcc -nostdlib -shared -o p p.s");
	work = address_of("p", "work");
	resolve(&names, "p", work, &(struct objnames_options){ .dwarf_timeout_ms = 200 });
	assert_true(names.dwarf_failed);
	assert_view_equal(first_frame(&names, work)->name, "work");
	objnames_fini(&names);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(debug_information_tells_name_file_and_line),
		TEST(after_the_deadline_there_are_symbols_only),
		TEST(answers_are_remembered_from_one_recording_to_the_next),
		TEST(another_build_has_no_part_in_them),
		TEST(without_lines_there_are_symbols_only),
		TEST(a_stripped_program_is_named_by_its_debug_file),
		TEST(the_small_table_inside_names_what_is_not_exported),
		TEST(a_stripped_program_has_no_names),
		TEST(cplusplus_names_are_for_people_and_for_the_linker),
		TEST(aliases_are_one_frame_with_the_name_of_the_symbol),
		TEST(what_was_answered_is_not_asked_again),
		TEST(the_second_time_the_table_comes_from_disk),
		TEST(where_debug_information_fails_symbols_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
