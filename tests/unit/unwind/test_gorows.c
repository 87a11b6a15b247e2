/* test_gorows: a real Go program, its rows and its stacks. */
#include "testing.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "object/pclntab.h"
#include "remote_walk.h"
#include "test_space.h"

#define ROUNDS 20
#define FRAMES_MAX 256

static const char program[] = "package main\n"
			      "import (\"os\"; \"sort\"; \"strconv\"; \"strings\")\n"
			      "func work(n int) int {\n"
			      "	a := make([]string, 0, 8)\n"
			      "	for i := 0; i < n; i++ { a = append(a, strconv.Itoa(i*7919%n)) }\n"
			      "	sort.Strings(a)\n"
			      "	return len(strings.Join(a, \",\"))\n"
			      "}\n"
			      "func main() {\n"
			      "	go func() { os.Stdin.Read(make([]byte, 1)); os.Exit(0) }()\n"
			      "	for g := 0; g < 3; g++ { go func() { for { work(500) } }() }\n"
			      "	os.Stdout.WriteString(\"ready\")\n"
			      "	select {}\n"
			      "}\n";

static char where[] = "/tmp/test_gorows.XXXXXX";
static char path[64];

static int build(void **state)
{
	char text[128];
	FILE *source;

	if (system("command -v go >/dev/null") != 0)
		return 0;
	if (!mkdtemp(where))
		return -1;
	snprintf(path, sizeof(path), "%s/main", where);
	snprintf(text, sizeof(text), "%s/main.go", where);
	source = fopen(text, "w");
	fputs(program, source);
	fclose(source);
	/* Stripped, because the table of functions is not. */
	snprintf(text, sizeof(text), "cd %s && go build -ldflags='-s -w' main.go", where);
	return system(text) == 0 ? 0 : -1;
}

static int clean(void **state)
{
	char text[64];

	if (!path[0])
		return 0;
	snprintf(text, sizeof(text), "rm -r %s", where);
	return system(text) == 0 ? 0 : -1;
}

static void need_go(void)
{
	if (path[0])
		return;
	print_message("no Go compiler here\n");
	skip();
}

static uint64_t function(const struct pclntab *table, const char *name, size_t name_len)
{
	struct pclntab_function f;

	for (size_t i = 0; i < table->n_functions; i++)
		if (pclntab_function(table, i, &f) &&
			view_equal(f.name, (struct view){ name, name_len }))
			return f.start;
	fail_msg("no function %s", name);
	return 0;
}

#define FUNCTION(name) function(&functions, (name), sizeof(name) - 1)

static void ends_and_switches_where_the_runtime_does(void **state)
{
	struct object *object;
	struct pclntab functions;
	struct unwind_table table;
	const struct unwind_rule *rule;

	need_go();
	assert_int_equal(object_open(path, &object, NULL), 0);
	assert_int_equal(pclntab_open(object, &functions, NULL), 0);
	assert_int_equal(unwind_table_build(object, &table, NULL), 0);
	assert_int_equal(
		unwind_table_find(&table, FUNCTION("runtime.goexit"))->cfa, UNWIND_CFA_END);
	assert_int_equal(
		unwind_table_find(&table, FUNCTION("runtime.mstart"))->cfa, UNWIND_CFA_END);
	assert_int_equal(
		unwind_table_find(&table, FUNCTION("runtime.systemstack"))->cfa, UNWIND_CFA_SWITCH);
	rule = unwind_table_find(&table, FUNCTION("main.work"));
	assert_int_equal(rule->cfa, UNWIND_CFA_RSP);
	assert_int_equal(rule->offset, 8);
	assert_int_equal(rule->fp, UNWIND_FP_SAME);
	rule = unwind_table_find(&table, FUNCTION("main.work") + 64);
	assert_true(rule->offset > 8);
	assert_int_equal(rule->fp_offset, -16);
	unwind_table_fini(&table);
	pclntab_fini(&functions);
	object_unref(object);
}

/* Stops every thread again and again, wherever it is: in user code, the runtime, a system call. */
static void walk_threads(pid_t pid, const struct test_space *plain, size_t counts[])
{
	uint64_t frames[FRAMES_MAX];
	char name[64];
	struct dirent *entry;
	DIR *tasks;
	size_t n;

	snprintf(name, sizeof(name), "/proc/%d/task", pid);
	tasks = opendir(name);
	while ((entry = readdir(tasks))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		enum unwind_result result;

		if (!tid)
			continue;
		result = remote_walk(tid, &plain->tables, frames, FRAMES_MAX, &n);
		counts[result]++;
		if (result > UNWIND_COMPLETE)
			print_message("result %d after %zu frames, at %lx from %lx\n", result, n,
				frames[n - 1], frames[0]);
	}
	closedir(tasks);
}

static void walks_goroutines_and_threads_to_their_start(void **state)
{
	size_t counts[UNWIND_RESULTS] = { 0 }, walks = 0;
	int in[2], out[2];
	struct test_space *plain;
	char ready[8];
	pid_t pid;

	need_go();
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		execl(path, path, NULL);
		_exit(1);
	}
	assert_int_equal(read(out[0], ready, sizeof(ready)), 5);
	plain = test_space_of(pid);
	for (int i = 0; i < ROUNDS; i++) {
		walk_threads(pid, plain, counts);
		usleep(2000);
	}
	close(in[1]); /* its end of file ends it */
	close(in[0]);
	waitpid(pid, NULL, 0);
	for (int i = UNWIND_COMPLETE; i < UNWIND_RESULTS; i++)
		walks += counts[i];
	print_message("%zu of %zu stacks complete\n", counts[UNWIND_COMPLETE], walks);
	assert_true(walks > ROUNDS);
	/* A thread in its first five instructions, still in runtime.clone, has no caller yet, and
	 * looks like its parent, which has: rarely one is stopped just there. */
	assert_true(walks - counts[UNWIND_COMPLETE] <= 3);
	close(out[0]);
	close(out[1]);
	test_space_free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_and_switches_where_the_runtime_does),
		cmocka_unit_test(walks_goroutines_and_threads_to_their_start),
	};

	return cmocka_run_group_tests(tests, build, clean);
}
