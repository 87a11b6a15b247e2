/* test_late: a function of a library that is not loaded yet does what it does, and gets what it was
 * given. */
#include "testing.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/late.h"

#define THREADS 8

#ifdef __x86_64__
double late_caller_sums(void);
long late_caller_last(long with);

static void *sums(void *ret)
{
	*(double *)ret = late_caller_sums();
	return NULL;
}

/* The first call of all comes from several threads at once. */
static void arguments_and_results_pass(void **state)
{
	pthread_t threads[THREADS];
	double sum[THREADS];

	assert_null(dlsym(RTLD_DEFAULT, "late_library_sum"));
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, sums, &sum[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(sum[i] == 28 + 49.5);
	}
	assert_int_equal(late_caller_last(40), 47);
}
#else
static void arguments_and_results_pass(void **state)
{
	print_message("stubs are written for x86-64 only\n");
	skip();
}
#endif

static void *math_slots[512] __attribute__((aligned(4096)));

static void slots_are_filled_and_read_only(void **state)
{
	static const char *const names[] = { "fabs", "floor" };
	struct late late = { "libm.so.6", names, math_slots, 2, sizeof(math_slots) };
	int status;

	late_bind(&late);
	late_bind(&late);
	assert_true(((double (*)(double))math_slots[1])(2.5) == 2);
	if (fork() == 0) {
		signal(SIGSEGV, SIG_DFL); /* cmocka's would report it */
		*(void *volatile *)math_slots = NULL;
		_exit(0);
	}
	wait(&status);
	assert_true(WIFSIGNALED(status));
}

/* What a program says that lacks what it needs, and its status. */
static void dies_with(const char *soname, const char *name, const char *said)
{
	const char *const names[] = { name };
	struct late late = { soname, names, (void *[1]){ NULL }, 1, 0 };
	char text[512] = { 0 };
	int status, pipes[2];
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		dup2(pipes[1], STDERR_FILENO);
		late_bind(&late);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 127);
	assert_true(read(pipes[0], text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, said));
	close(pipes[0]);
	close(pipes[1]);
}

static void what_is_missing_is_named(void **state)
{
	dies_with("libnowhere.so.1", "anything", "libnowhere.so.1");
	dies_with("libm.so.6", "no_such_function", "no_such_function");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_and_results_pass),
		cmocka_unit_test(slots_are_filled_and_read_only),
		cmocka_unit_test(what_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
