/* test_gonames: Go's own tables tell what its debug information tells, also once that is stripped.
 */
#include "programs.h"

#include "symbol/gonames.h"

static const char program[] = "package main\n"
			      "import (\n\t\"fmt\"\n\t\"os\"\n)\n"
			      "//go:noinline\n"
			      "func work(n int) int {\n"
			      "	s := 0\n"
			      "	for i := 0; i < n; i++ {\n"
			      "		s += small(i)\n"
			      "	}\n"
			      "	return s\n"
			      "}\n"
			      "func small(i int) int { return tiny(i) + 3 }\n"
			      "func tiny(i int) int { return i * len(os.Args) }\n"
			      "type T struct{ a int }\n"
			      "//go:noinline\n"
			      "func (t *T) Method(n int) int { return work(n) + small(t.a) }\n"
			      "func main() {\n"
			      "	t := &T{1}\n"
			      "	f := func() int { return t.Method(100) }\n"
			      "	fmt.Println(f())\n"
			      "}\n";

static void build(const char *flags)
{
	char command[256];

	programs_write("p.go", program);
	snprintf(command, sizeof(command), "GOFLAGS= GO111MODULE=off go build %s p.go", flags);
	programs_run(command);
}

static struct gonames *open_names(const char *path)
{
	struct object *object = programs_open(path);
	struct gonames *names;
	struct err err = { 0 };

	if (gonames_open(object, &names, &err) < 0)
		fail_msg("%s", err.text);
	object_unref(object);
	return names;
}

/* Start and size of a function, as go tool nm has it. */
static void find_function(const char *path, const char *name, uint64_t *ret, uint64_t *ret_size)
{
	unsigned long long address, size;
	BUF_AUTO out = { 0 };
	char command[256];

	snprintf(command, sizeof(command), "go tool nm -size %s | grep ' %s$'", path, name);
	programs_output(command, &out);
	assert_int_equal(sscanf(out.at, "%llx %llu", &address, &size), 2);
	*ret = address;
	*ret_size = size;
}

/* As LLVM's addr2line prints it (GNU's of binutils 2.40 takes the function around for an inlined
 * one at its first byte): all frames, "name file:line" each, of each address of the function. */
static void list_frames(const struct gonames *names, uint64_t start, uint64_t size, struct buf *out)
{
	struct gonames_frame frames[GONAMES_INLINED_MAX];

	for (uint64_t at = start; at < start + size; at++) {
		size_t n = gonames_find(names, at, frames);

		assert_true(n > 0);
		buf_add_format(out, "0x%llx\n", (unsigned long long)at);
		for (size_t i = 0; i < n; i++)
			buf_add_format(out, "%.*s\n%.*s:%u\n", (int)frames[i].name.len,
				frames[i].name.at, (int)frames[i].file.len, frames[i].file.at,
				frames[i].line);
	}
}

static void functions_and_inlined_ones_are_those_of_the_debug_information(void **state)
{
	static const char *const functions[] = { "main.work", "main.(*T).Method", "main.main" };
	struct gonames *names;

	PROGRAMS_NEED("go");
	PROGRAMS_NEED("llvm-addr2line");
	build("-o p");
	names = open_names("p");
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		uint64_t start, size;
		BUF_AUTO ours = { 0 };
		BUF_AUTO theirs = { 0 };
		char command[512];

		find_function("p", i == 1 ? "main\\.(\\*T)\\.Method" : functions[i], &start, &size);
		list_frames(names, start, size, &ours);
		snprintf(command, sizeof(command),
			"for i in $(seq %llu %llu); do printf '%%x\\n' $i; done | "
			"llvm-addr2line -a -f -i -e p | sed 's/ (discriminator .*//'",
			(unsigned long long)start, (unsigned long long)(start + size - 1));
		programs_output(command, &theirs);
		buf_add_char(&ours, '\0');
		assert_string_equal(ours.at, theirs.at);
	}
	gonames_free(names);
}

/* The same source at the same addresses: all a stripped program lacks is what we do not need. */
static void a_stripped_program_tells_the_same(void **state)
{
	BUF_AUTO whole = { 0 };
	BUF_AUTO stripped = { 0 };
	struct gonames *names;
	uint64_t start, size;

	PROGRAMS_NEED("go");
	build("-o p");
	build("-ldflags='-s -w' -o s");
	find_function("p", "main.work", &start, &size);
	names = open_names("p");
	list_frames(names, start, size, &whole);
	gonames_free(names);
	names = open_names("s");
	list_frames(names, start, size, &stripped);
	gonames_free(names);
	assert_true(view_equal(buf_view(&whole), buf_view(&stripped)));
	assert_non_null(memmem(whole.at, whole.len, "main.tiny", 9));
}

static void a_position_independent_program_has_its_inlined_functions_too(void **state)
{
	BUF_AUTO frames = { 0 };
	struct gonames *names;
	uint64_t start, size;

	PROGRAMS_NEED("go");
	build("-buildmode=pie -o p");
	find_function("p", "main.work", &start, &size);
	names = open_names("p");
	list_frames(names, start, size, &frames);
	assert_non_null(memmem(frames.at, frames.len, "main.tiny", 9));
	assert_non_null(memmem(frames.at, frames.len, "p.go:15", 7));
	gonames_free(names);
}

static void what_lies_outside_has_no_name(void **state)
{
	struct gonames_frame frames[GONAMES_INLINED_MAX];
	struct gonames *names;

	PROGRAMS_NEED("go");
	build("-o p");
	names = open_names("p");
	assert_int_equal(gonames_find(names, 0, frames), 0);
	assert_int_equal(gonames_find(names, UINT64_MAX, frames), 0);
	gonames_free(names);
}

static void a_program_in_c_has_no_such_table(void **state)
{
	struct object *object;
	struct gonames *names;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -o p p.c");
	object = programs_open("p");
	assert_int_equal(gonames_open(object, &names, NULL), ERR_NOT_FOUND);
	object_unref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(functions_and_inlined_ones_are_those_of_the_debug_information),
		TEST(a_stripped_program_tells_the_same),
		TEST(a_position_independent_program_has_its_inlined_functions_too),
		TEST(what_lies_outside_has_no_name),
		TEST(a_program_in_c_has_no_such_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
