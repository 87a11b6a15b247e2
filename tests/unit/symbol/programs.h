/* programs: compiled for a test, in a folder of their own, and what other tools say about them. */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "object/object.h"

/* Makes a folder and moves there; *state is its path. Use as the setup of a test. */
static inline int programs_begin(void **state)
{
	char *folder = strdup("/tmp/flyover-test-XXXXXX");

	*state = folder;
	return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static inline int programs_end(void **state)
{
	char command[128];
	int rc;

	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	rc = chdir("/") == 0 ? system(command) : -1;
	free(*state);
	return rc;
}

static inline void programs_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static inline bool programs_have(const char *tool)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", tool);
	return system(command) == 0;
}

/* Skips the test, with a reason, where a tool is missing. */
#define PROGRAMS_NEED(tool)                                           \
	do {                                                          \
		if (!programs_have(tool)) {                           \
			print_message("skipped: no %s here\n", tool); \
			skip();                                       \
		}                                                     \
	} while (0)

#define programs_run(command) assert_int_equal(system(command), 0)

/* What a command says, NUL-terminated. */
static inline void programs_output(const char *command, struct buf *ret)
{
	FILE *pipe = popen(command, "r");
	char step[4096];
	size_t got;

	assert_non_null(pipe);
	while ((got = fread(step, 1, sizeof(step), pipe)) > 0)
		buf_add(ret, step, got);
	assert_int_equal(pclose(pipe), 0);
	buf_add_char(ret, '\0');
	ret->len--;
}

static inline struct object *programs_open(const char *path)
{
	struct object *object;
	struct err err = { 0 };

	if (object_open(path, &object, &err) < 0)
		fail_msg("%s", err.text);
	return object;
}

/* A function of three levels, two of them inlined, and one that stays apart. */
static const char programs_c[] = "#include <stdio.h>\n"
				 "#include <string.h>\n"
				 "static inline int leaf(int x, char **v)\n"
				 "{\n"
				 "	return x * (int)strlen(v[0]) + 1;\n"
				 "}\n"
				 "static inline int middle(int x, char **v)\n"
				 "{\n"
				 "	int sum = 0;\n"
				 "	for (int i = 0; i < x; i++)\n"
				 "		sum += leaf(i, v);\n"
				 "	return sum;\n"
				 "}\n"
				 "__attribute__((noinline)) int work(int n, char **v)\n"
				 "{\n"
				 "	return middle(n, v) + middle(n + 1, v);\n"
				 "}\n"
				 "__attribute__((noinline)) static int apart(int n)\n"
				 "{\n"
				 "	return printf(\"%d\\n\", n);\n"
				 "}\n"
				 "int main(int argc, char **argv)\n"
				 "{\n"
				 "	return apart(work(argc, argv)) == 0;\n"
				 "}\n";

#endif
