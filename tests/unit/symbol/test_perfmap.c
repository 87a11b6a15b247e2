/* test_perfmap: a process's own maps, and who is believed. */
#include "testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "symbol/perfmap.h"

/* A child that only sleeps: its pid names a map that nobody else writes. */
struct fixture {
	pid_t child;
	char path[64], other[64];
	struct perfmap *perfmap;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->child = fork();
	if (f->child == 0) {
		pause();
		_exit(0);
	}
	snprintf(f->path, sizeof(f->path), "/tmp/perf-%d.map", (int)f->child);
	snprintf(f->other, sizeof(f->other), "/tmp/jit-%d.dump", (int)f->child);
	unlink(f->path);
	unlink(f->other);
	*state = f;
	return perfmap_open(f->child, &f->perfmap, NULL);
}

static void end_child(struct fixture *f)
{
	if (f->child > 0) {
		kill(f->child, SIGKILL);
		waitpid(f->child, NULL, 0);
	}
	f->child = 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	end_child(f);
	unlink(f->path);
	unlink(f->other);
	perfmap_free(f->perfmap);
	free(f);
	return 0;
}

static void write_file(const char *path, const char *mode, const char *text, size_t len)
{
	FILE *file = fopen(path, mode);

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

static void write_map(struct fixture *f, const char *mode, const char *text)
{
	write_file(f->path, mode, text, strlen(text));
}

static void assert_name(struct fixture *f, uint64_t address, const char *name)
{
	struct code_hit hit;

	assert_true(perfmap_find(f->perfmap, address, &hit));
	assert_view_equal(hit.name, name);
}

static void a_map_that_grows_is_read_on(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 0);
	write_map(f, "w", "1000 10 one\n2000 10 tw");
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 1);
	write_map(f, "a", "o\n1000 10 again\n");
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 3);
	assert_name(f, 0x2000, "two");
	assert_name(f, 0x1000, "again");
	assert_null(perfmap_refusal(f->perfmap));
}

static void a_map_written_anew_adds_to_what_was_known(void **state)
{
	struct fixture *f = *state;

	write_map(f, "w", "1000 10 freed\n3000 10 moved\n");
	perfmap_refresh(f->perfmap, NULL);
	write_map(f, "w", "3000 10 compiled again\n");
	perfmap_refresh(f->perfmap, NULL);
	assert_name(f, 0x1000, "freed");
	assert_name(f, 0x3000, "compiled again");
}

static void names_outlive_the_process_and_its_file(void **state)
{
	struct fixture *f = *state;

	write_map(f, "w", "1000 10 early\n");
	perfmap_refresh(f->perfmap, NULL);
	write_map(f, "a", "2000 10 late\n");
	unlink(f->path);
	end_child(f);
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_name(f, 0x1000, "early");
	assert_name(f, 0x2000, "late");
}

static void a_link_is_refused(void **state)
{
	struct fixture *f = *state;

	write_file(f->other, "w", "1000 10 x\n", 10);
	assert_int_equal(symlink(f->other, f->path), 0);
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 0);
	assert_non_null(perfmap_refusal(f->perfmap));
}

static void a_second_name_of_a_file_is_refused(void **state)
{
	struct fixture *f = *state;

	write_file(f->other, "w", "1000 10 x\n", 10);
	assert_int_equal(link(f->other, f->path), 0);
	perfmap_refresh(f->perfmap, NULL);
	assert_int_equal(perfmap_count(f->perfmap), 0);
	assert_non_null(perfmap_refusal(f->perfmap));
}

static void a_fifo_neither_blocks_nor_is_read(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 0);
	assert_non_null(strstr(perfmap_refusal(f->perfmap), "regular"));
}

static void a_strangers_map_is_refused(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0) {
		print_message("skipped: only root can give a file away\n");
		skip();
	}
	write_map(f, "w", "1000 10 lie\n");
	assert_int_equal(chown(f->path, 12345, 12345), 0);
	perfmap_refresh(f->perfmap, NULL);
	assert_int_equal(perfmap_count(f->perfmap), 0);
	assert_non_null(strstr(perfmap_refusal(f->perfmap), "owned"));
}

static void a_line_of_a_megabyte_is_cut(void **state)
{
	struct fixture *f = *state;
	size_t len = (size_t)1 << 20;
	char *line = malloc(len);
	struct code_hit hit;

	memset(line, 'x', len);
	memcpy(line, "1000 10 ", 8);
	line[len - 1] = '\n';
	write_file(f->path, "w", line, len);
	free(line);
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_true(perfmap_find(f->perfmap, 0x1000, &hit));
	assert_int_equal(hit.name.len, CODETABLE_NAME_MAX);
}

static void only_the_first_64_mib_are_read(void **state)
{
	struct fixture *f = *state;

	write_map(f, "w", "1000 10 first\n");
	assert_int_equal(truncate(f->path, (off_t)PERFMAP_FILE_MAX + 1), 0);
	write_map(f, "a", "\n2000 10 last\n");
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_name(f, 0x1000, "first");
	assert_int_equal(perfmap_count(f->perfmap), 1);
	assert_non_null(strstr(perfmap_refusal(f->perfmap), "64 MiB"));
}

static void a_jitdump_is_read_when_it_is_noted(void **state)
{
	static const char dump[] = "DTiJ\x01\0\0\0\x28\0\0\0\x3e\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\x3a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\x10\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0f";
	struct fixture *f = *state;

	write_file(f->other, "w", dump, sizeof(dump));
	perfmap_note_jitdump(f->perfmap, "/etc/passwd");
	perfmap_note_jitdump(f->perfmap, f->other);
	perfmap_note_jitdump(f->perfmap, f->other);
	assert_int_equal(perfmap_refresh(f->perfmap, NULL), 0);
	assert_int_equal(perfmap_count(f->perfmap), 1);
	assert_name(f, 0x100f, "f");
}

static void a_process_that_is_gone_is_an_error(void **state)
{
	struct fixture *f = *state;
	pid_t gone = f->child;
	struct perfmap *perfmap;
	struct err err;

	end_child(f);
	assert_int_equal(perfmap_open(gone, &perfmap, &err), ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_map_that_grows_is_read_on),
		TEST(a_map_written_anew_adds_to_what_was_known),
		TEST(names_outlive_the_process_and_its_file),
		TEST(a_link_is_refused),
		TEST(a_second_name_of_a_file_is_refused),
		TEST(a_fifo_neither_blocks_nor_is_read),
		TEST(a_strangers_map_is_refused),
		TEST(a_line_of_a_megabyte_is_cut),
		TEST(only_the_first_64_mib_are_read),
		TEST(a_jitdump_is_read_when_it_is_noted),
		TEST(a_process_that_is_gone_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
