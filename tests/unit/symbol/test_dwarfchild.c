/* test_dwarfchild: a hostile file hurts only the child. */
#include "programs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "symbol/dwarfchild.h"

static uint64_t address_of(const char *function)
{
	BUF_AUTO out = { 0 };
	char command[128];
	unsigned long long address;

	snprintf(command, sizeof(command), "nm p | awk '$3 == \"%s\" {print $1}'", function);
	programs_output(command, &out);
	assert_int_equal(sscanf(out.at, "%llx", &address), 1);
	return address;
}

static void compile(void)
{
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -o p p.c");
}

static void ask(uint64_t address, unsigned timeout_ms, struct buf *bytes, struct dwarfreply *reply)
{
	struct object *object = programs_open("p");
	struct dwarfchild_query query = {
		.object = object, .addresses = &address, .n = 1, .timeout_ms = timeout_ms
	};

	assert_true(dwarfchild_useful(object));
	assert_int_equal(dwarfchild_read(&query, bytes, reply, NULL), 0);
	object_unref(object);
}

static void a_child_answers(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct dwarfreply reply;

	PROGRAMS_NEED("gcc");
	compile();
	ask(address_of("work"), 0, &bytes, &reply);
	assert_true(reply.whole);
	assert_int_equal(reply.spans[0].count, 1);
	assert_view_equal(reply.frames[0].name, "work");
	assert_int_equal(reply.frames[0].start_line, 14);
	dwarfreply_fini(&reply);
}

static int open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void no_descriptor_and_no_child_is_left(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct dwarfreply reply;
	int before;

	PROGRAMS_NEED("gcc");
	compile();
	before = open_descriptors();
	ask(address_of("work"), 0, &bytes, &reply);
	dwarfreply_fini(&reply);
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Bytes of the debug sections turned around, all over them and many times: whatever libdw makes of
 * it, there is an answer in time. */
static void damaged_debug_information_gives_an_answer_or_none(void **state)
{
	BUF_AUTO good = { 0 };
	uint64_t address, seed = 7;

	PROGRAMS_NEED("gcc");
	compile();
	address = address_of("work");
	programs_output("cat p", &good);
	for (int round = 0; round < 60; round++) {
		struct object *object = programs_open("p");
		const char *const sections[] = { ".debug_info", ".debug_abbrev", ".debug_line" };
		BUF_AUTO bytes = { 0 };
		struct dwarfreply reply;
		int fd;

		for (int i = 0; i < 20; i++) {
			const Elf64_Shdr *section = object_section(object, sections[i % 3]);

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			good.at[section->sh_offset + (seed >> 33) % section->sh_size] =
				(char)(seed >> 24);
		}
		object_unref(object);
		fd = open("p", O_WRONLY);
		assert_int_equal(pwrite(fd, good.at, good.len, 0), good.len);
		close(fd);
		ask(address, 2000, &bytes, &reply);
		assert_true(reply.spans[0].count <= DWARFREPLY_INLINED_MAX);
		dwarfreply_fini(&reply);
	}
}

/* Five thousand functions share a list of a hundred thousand ranges: little to write, long to read.
 */
static void an_endless_reading_is_ended_at_its_deadline(void **state)
{
	static const char assembly[] =
		".text\n.globl work\nwork:\n nop\n nop\n ret\n.Lend:\n"
		".section .debug_abbrev\n"
		" .uleb128 1,0x11\n .byte 1\n .uleb128 0x11,1, 0x12,7, 0,0\n"
		" .uleb128 2,0x2e\n .byte 0\n .uleb128 0x55,0x17, 0,0\n"
		" .uleb128 0\n"
		".section .debug_info\n"
		".Lunit:\n .long .Lunit_end-.Lunit-4\n .value 4\n .long 0\n .byte 8\n"
		" .uleb128 1\n .quad work\n .quad .Lend-work\n"
		" .rept 5000\n .uleb128 2\n .long 0\n .endr\n"
		" .uleb128 0\n"
		".Lunit_end:\n"
		".section .debug_ranges\n"
		" .rept 100000\n .quad 0\n .quad 1\n .endr\n .quad 0,0\n";
	BUF_AUTO bytes = { 0 };
	struct dwarfreply reply;
	uint64_t start;

	PROGRAMS_NEED("gcc");
	programs_write("p.s", assembly);
	programs_run("gcc -nostdlib -shared -o p p.s");
	start = clock_monotonic_ns();
	ask(address_of("work"), 300, &bytes, &reply);
	assert_false(reply.whole);
	assert_true(clock_monotonic_ns() - start >= 300000000u);
	dwarfreply_fini(&reply);
}

static void an_object_without_debug_information_needs_no_child(void **state)
{
	struct object *object;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -o p p.c");
	object = programs_open("p");
	assert_false(dwarfchild_useful(object));
	object_unref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_child_answers),
		TEST(no_descriptor_and_no_child_is_left),
		TEST(damaged_debug_information_gives_an_answer_or_none),
		TEST(an_endless_reading_is_ended_at_its_deadline),
		TEST(an_object_without_debug_information_needs_no_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
