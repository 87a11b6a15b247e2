/* test_sourcecode: what may be read, and what is refused, whatever the name says. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "model/profile.h"
#include "server/sourcecode.h"

static char home[] = "/tmp/flyover-sourcecode-XXXXXX";
static char root[64], mapped[96], climbing[96];
static struct sourcecode *sources;

static void put(const char *name, struct view text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	assert_int_equal(disk_write(path, text, NULL), 0);
}

static void make_link(const char *to, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	assert_int_equal(symlink(to, path), 0);
}

static void make_folder(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int start(void **state)
{
	const char *roots[3] = { root, mapped, climbing };

	assert_non_null(mkdtemp(home));
	snprintf(root, sizeof(root), "%s/in/", home);
	snprintf(climbing, sizeof(climbing), "../src=%s/in/lib", home);
	snprintf(mapped, sizeof(mapped), "/build/app=%s/in/lib", home);
	make_folder("in");
	make_folder("in/lib");
	put("secret", VIEW("secret\n"));
	put("in/main.c", VIEW("one\ntwo\nthree\n"));
	put("in/lib/x.c", VIEW("x\n"));
	put("in/binary", (struct view){ "a\0b", 3 });
	put("in/lib/y.c", VIEW("y\n"));
	make_link("../secret", "in/out");
	make_link("/etc", "in/etc");
	make_link("lib/x.c", "in/within");
	make_link("/proc/self/root", "in/magic");
	make_link("loop", "in/loop");
	return sourcecode_new(roots, 3, &sources, NULL);
}

static int stop(void **state)
{
	char command[100];

	sourcecode_free(sources);
	snprintf(command, sizeof(command), "rm -rf %s", home);
	return system(command);
}

static int read_it(const char *name, const char *text)
{
	struct err err = { 0 };
	BUF_AUTO out = { 0 };
	int64_t changed_ns;
	int rc = sourcecode_read(sources, view_of(name), &out, &changed_ns, &err);

	if (rc == 0 && !view_equal(buf_view(&out), view_of(text)))
		fail_msg("%s is %.*s", name, (int)out.len, out.at);
	if (rc < 0 && (!strstr(err.text, text) || out.len))
		fail_msg("%s says %s", name, err.text);
	return rc;
}

static void absolute(const char *below, char into[200])
{
	snprintf(into, 200, "%s/in/%s", home, below);
}

static void names_are_found_below_a_root_or_by_their_prefix(void **state)
{
	char path[200];

	absolute("main.c", path);
	assert_int_equal(read_it(path, "one\ntwo\nthree\n"), 0);
	absolute("./lib//../main.c", path);
	assert_int_equal(read_it(path, "one\ntwo\nthree\n"), 0);
	assert_int_equal(read_it("main.c", "one\ntwo\nthree\n"), 0);
	assert_int_equal(read_it("/build/app/x.c", "x\n"), 0);
	assert_int_equal(read_it("../src/y.c", "y\n"), 0);
	assert_int_equal(read_it("within", "x\n"), 0);
}

static void what_is_not_there_is_not_found(void **state)
{
	static const char *const NAMES[] = { "nothing.c", "/build/application/x.c", "/build/app",
		"main.c/x", "/main.c", "/etc/passwd", "/build/ap/x.c" };

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		assert_int_not_equal(read_it(NAMES[i], NAMES[i]), 0);
	assert_int_equal(read_it("", "no name of a file"), ERR_NOT_FOUND);
}

static void nothing_leads_out(void **state)
{
	static const char *const NAMES[] = { "../secret", "lib/../../secret",
		"/build/app/../main.c", "/build/app/../../secret", "../src/../secret", "out",
		"etc/passwd", "magic/etc/passwd", "loop" };
	char path[200];

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		assert_int_equal(read_it(NAMES[i], "leads out of the folders"), ERR_DENIED);
	absolute("../secret", path);
	assert_int_equal(read_it(path, "leads out of the folders"), ERR_DENIED);
}

static void only_text_of_a_bearable_size_is_read(void **state)
{
	char path[200];
	FILE *file;

	assert_int_equal(read_it("binary", "is no text"), ERR_DENIED);
	assert_int_equal(read_it("lib", "is no file"), ERR_DENIED);
	absolute("pipe", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_it("pipe", "is no file"), ERR_DENIED);
	absolute("large", path);
	file = fopen(path, "w");
	assert_int_equal(ftruncate(fileno(file), SOURCECODE_BYTES_MAX + 1), 0);
	fclose(file);
	assert_int_equal(read_it("large", "more than 4 MiB"), ERR_LIMIT);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(read_it(path, "is in none of the folders"), ERR_NOT_FOUND);
}

static void a_root_has_to_be_a_folder_and_absolute(void **state)
{
	static const char *const ROOTS[] = { "", "src", "=/tmp", "/a=b", "/a=", "/nowhere/at/all",
		"/etc/passwd" };

	for (size_t i = 0; i < sizeof(ROOTS) / sizeof(ROOTS[0]); i++) {
		struct sourcecode *made;
		struct err err = { 0 };

		assert_int_equal(sourcecode_new(&ROOTS[i], 1, &made, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "source_roots"));
		assert_null(made);
	}
}

/* main of main.c, with a sample on line 2 and one on `line`. */
static struct profile *profile_of(int64_t line)
{
	struct profile *p = profile_new();
	struct function function = { .name = profile_string(p, VIEW("main")),
		.system_name = profile_string(p, VIEW("main")),
		.file = profile_string(p, VIEW("main.c")) };
	const int64_t lines[] = { 2, line };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (size_t i = 0; i < 2; i++) {
		struct line at = { .function = profile_function(p, &function), .line = lines[i] };
		struct location location = { .address = i + 1, .n_lines = 1 };
		int64_t one = 1;

		profile_add(p, profile_push(p, STACK_EMPTY, profile_location(p, &location, &at)), 0,
			&one);
	}
	return p;
}

static int write_it(const struct sourcecode *from, const struct profile *profile, const char *name,
	const char *file, const char *text)
{
	struct sourcecode_question question = { 0, view_of(name), view_of(file) };
	struct err err = { 0 };
	BUF_AUTO out = { 0 };
	int rc = sourcecode_write(from, profile, &question, &out, &err);

	buf_add_char(&out, '\0');
	if (!strstr(rc < 0 ? err.text : out.at, text))
		fail_msg("%s of %s: %s", name, file, rc < 0 ? err.text : out.at);
	return rc;
}

static void only_files_that_the_profile_names_are_shown(void **state)
{
	PROFILE_AUTO profile = profile_of(3);
	PROFILE_AUTO other = profile_of(9);

	assert_int_equal(write_it(sources, profile, "main", "main.c",
				 "{\"file\":\"main.c\",\"first\":1,\"lines\":[\"one\",\"two\","
				 "\"three\"],\"left_out\":0,\"changed\":false}"),
		0);
	assert_int_equal(
		write_it(sources, profile, "main", "lib/x.c", "no sample of this function"),
		ERR_NOT_FOUND);
	assert_int_equal(
		write_it(sources, profile, "other", "main.c", "no sample of this function"),
		ERR_NOT_FOUND);
	assert_int_equal(
		write_it(NULL, profile, "main", "main.c", "set source_roots"), ERR_NOT_FOUND);
	assert_int_equal(write_it(sources, other, "main", "main.c",
				 "has 3 lines and samples are on line 9: it is another version"),
		ERR_NOT_FOUND);
	profile->time_ns = 1;
	assert_int_equal(write_it(sources, profile, "main", "main.c", "\"changed\":true"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_below_a_root_or_by_their_prefix),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(nothing_leads_out),
		cmocka_unit_test(only_text_of_a_bearable_size_is_read),
		cmocka_unit_test(a_root_has_to_be_a_folder_and_absolute),
		cmocka_unit_test(only_files_that_the_profile_names_are_shown),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
