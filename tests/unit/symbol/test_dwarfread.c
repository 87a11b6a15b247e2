/* test_dwarfread: files, lines and inlined functions are those addr2line tells. */
#include "programs.h"

#include <fcntl.h>

#include "base/vec.h"
#include "symbol/dwarfread.h"
#include "symbol/dwarfreply.h"

struct answers {
	uint64_t *addresses;
	size_t n, cap;
	struct buf bytes;
	struct dwarfreply reply;
};

static void keep(struct buf *out, void *opaque)
{
	buf_add_view(opaque, buf_view(out));
	buf_clear(out);
}

/* Every address of .text. */
static void read_all(const char *path, struct answers *a)
{
	struct object *object = programs_open(path);
	const Elf64_Shdr *text = object_section(object, ".text");
	BUF_AUTO out = { 0 };

	*a = (struct answers){ 0 };
	for (uint64_t at = 0; at < text->sh_size; at++)
		*VEC_ADD(a->addresses, a->n, a->cap) = text->sh_addr + at;
	dwarfread(object_fd(object), a->addresses, a->n,
		&(struct dwarfread_sink){ &out, keep, &a->bytes });
	assert_int_equal(dwarfreply_decode(buf_view(&a->bytes), a->n, &a->reply), 0);
	assert_true(a->reply.whole);
	object_unref(object);
}

static void answers_fini(struct answers *a)
{
	free(a->addresses);
	buf_fini(&a->bytes);
	dwarfreply_fini(&a->reply);
}

/* Two lines of the oracle for each of our frames. Where it knows nothing, neither must we. */
static void check_frame(const struct dwarfreply_frame *frame, struct view name, struct view where)
{
	struct view discriminator = VIEW(" (discriminator");
	const char *at = memmem(where.at, where.len, discriminator.at, discriminator.len);
	BUF_AUTO ours = { 0 };

	if (at)
		where = view_between(where.at, at);
	if (view_ends(where, VIEW("?")))
		return;
	buf_add_format(&ours, "%.*s:%u", (int)frame->file.len, frame->file.at, frame->line);
	if (!view_equal(buf_view(&ours), where))
		fail_msg("%.*s instead of %.*s", (int)ours.len, ours.at, (int)where.len, where.at);
	if (frame->linkage.len)
		assert_true(view_equal(frame->linkage, name));
	else if (frame->name.len && !view_starts(name, VIEW("_Z")) && !view_ends(frame->name, name))
		fail_msg("%.*s instead of %.*s", (int)frame->name.len, frame->name.at,
			(int)name.len, name.at);
}

static bool is_address(struct view line)
{
	return view_starts(line, VIEW("0x"));
}

/* Returns how many frames were the same. */
static size_t check(const char *path)
{
	BUF_AUTO oracle = { 0 };
	struct answers a;
	char command[256];
	struct view lines;
	size_t same = 0;
	bool more = true;
	FILE *list = fopen("addresses", "w");

	read_all(path, &a);
	for (size_t i = 0; i < a.n; i++)
		fprintf(list, "0x%llx\n", (unsigned long long)a.addresses[i]);
	fclose(list);
	snprintf(command, sizeof(command), "addr2line -a -f -i -e %s < addresses", path);
	programs_output(command, &oracle);
	lines = buf_view(&oracle);
	for (size_t i = 0; i < a.n; i++) {
		struct dwarfreply_span span = a.reply.spans[i];
		uint32_t depth = 0;

		assert_true(is_address(view_take(&lines, '\n', &more)));
		while (lines.len && !is_address(lines)) {
			struct view name = view_take(&lines, '\n', &more);
			struct view where = view_take(&lines, '\n', &more);

			if (depth < span.count) {
				check_frame(&a.reply.frames[span.first + depth], name, where);
				same++;
			}
			depth++;
		}
		if (span.count)
			assert_int_equal(span.count, depth);
	}
	answers_fini(&a);
	return same;
}

static void c_reads_as_with_addr2line(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("addr2line");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	assert_true(check("p") > 100);
	programs_run("gcc -O0 -gdwarf-4 -o p p.c");
	assert_true(check("p") > 100);
	programs_run("gcc -O2 -g -gz -o p p.c");
	assert_true(check("p") > 100);
}

static const char cplusplus[] =
	"#include <vector>\n"
	"#include <algorithm>\n"
	"#include <string>\n"
	"namespace app {\n"
	"static inline int leaf(int x) { return x * 3 + 1; }\n"
	"struct Work {\n"
	"	std::vector<int> data;\n"
	"	int run(int n) {\n"
	"		for (int i = 0; i < n; i++) data.push_back(leaf(i));\n"
	"		std::sort(data.begin(), data.end(),\n"
	"			[](int a, int b) { return a % 7 < b % 7; });\n"
	"		return data[n / 2];\n"
	"	}\n"
	"};\n"
	"template <typename T> __attribute__((noinline)) T twice(T x)\n"
	"{ return x + x; }\n"
	"}\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	app::Work w;\n"
	"	return w.run(argc * 10) + app::twice(argc) +\n"
	"		(int)app::twice(std::string(\"a\")).size();\n"
	"}\n";

/* In DWARF 5, addr2line of binutils 2.40 takes the wrong file for some inlined calls. */
static void cplusplus_reads_as_with_addr2line(void **state)
{
	PROGRAMS_NEED("g++");
	PROGRAMS_NEED("addr2line");
	programs_write("p.cc", cplusplus);
	programs_run("g++ -O2 -gdwarf-4 -o p p.cc");
	assert_true(check("p") > 1000);
	programs_run("g++ -O0 -gdwarf-4 -o p p.cc");
	assert_true(check("p") > 1000);
}

/* addr2line of binutils 2.40 reads no split DWARF, but the same program unsplit is an oracle. */
static void split_dwarf_reads_as_unsplit(void **state)
{
	struct answers whole, split;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o whole p.c && gcc -O2 -g -gsplit-dwarf -o split p.c");
	read_all("whole", &whole);
	read_all("split", &split);
	assert_int_equal(whole.n, split.n);
	assert_int_equal(whole.reply.n_frames, split.reply.n_frames);
	for (size_t i = 0; i < whole.reply.n_frames; i++) {
		assert_true(view_equal(whole.reply.frames[i].name, split.reply.frames[i].name));
		assert_int_equal(whole.reply.frames[i].line, split.reply.frames[i].line);
		assert_int_equal(
			whole.reply.frames[i].start_line, split.reply.frames[i].start_line);
	}
	answers_fini(&whole);
	answers_fini(&split);
}

/* A function of this file only: no linkage name, and inlined, so no symbol either. */
static void an_inlined_function_of_the_file_has_its_scope(void **state)
{
	struct answers a;
	bool seen = false;

	PROGRAMS_NEED("g++");
	programs_write("p.cc", "namespace app { namespace {\n"
			       "inline int leaf(int x, char **v) { return x * v[0][0] + 1; }\n"
			       "} }\n"
			       "int main(int argc, char **argv)\n"
			       "{ return app::leaf(argc, argv); }\n");
	programs_run("g++ -O2 -g -o p p.cc");
	read_all("p", &a);
	for (size_t i = 0; i < a.reply.n_frames; i++)
		seen |= view_equal(
			a.reply.frames[i].name, VIEW("app::(anonymous namespace)::leaf"));
	assert_true(seen);
	answers_fini(&a);
}

static void the_line_where_a_function_starts_is_told(void **state)
{
	struct answers a;
	bool seen = false;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
	read_all("p", &a);
	for (size_t i = 0; i < a.reply.n_frames; i++)
		if (view_equal(a.reply.frames[i].name, VIEW("leaf"))) {
			assert_int_equal(a.reply.frames[i].start_line, 3);
			assert_int_equal(a.reply.frames[i].line, 5);
			seen = true;
		}
	assert_true(seen);
	answers_fini(&a);
}

static void what_is_no_elf_file_has_no_answers(void **state)
{
	struct dwarfreply reply;
	BUF_AUTO out = { 0 };
	BUF_AUTO bytes = { 0 };
	uint64_t address = 0x1000;
	int fd;

	programs_write("p", "nothing");
	fd = open("p", O_RDONLY);
	dwarfread(fd, &address, 1, &(struct dwarfread_sink){ &out, keep, &bytes });
	close(fd);
	assert_int_equal(dwarfreply_decode(buf_view(&bytes), 1, &reply), 0);
	assert_true(reply.whole);
	assert_int_equal(reply.spans[0].count, 0);
	dwarfreply_fini(&reply);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(c_reads_as_with_addr2line),
		TEST(cplusplus_reads_as_with_addr2line),
		TEST(split_dwarf_reads_as_unsplit),
		TEST(an_inlined_function_of_the_file_has_its_scope),
		TEST(the_line_where_a_function_starts_is_told),
		TEST(what_is_no_elf_file_has_no_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
