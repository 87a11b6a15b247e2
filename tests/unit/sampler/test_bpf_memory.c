/* test_bpf_memory: what is mapped is shared, and no child has it. */
#include "testing.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sampler/bpf_memory.h"

#define BYTES 8192u

static void no_child_has_it(void **state)
{
	int fd = memfd_create("map", MFD_CLOEXEC), status;
	char *at, *other;
	pid_t pid;

	(void)state;
	assert_int_equal(ftruncate(fd, BYTES), 0);
	at = bpf_memory_map(fd, BYTES, PROT_READ | PROT_WRITE, 0);
	other = bpf_memory_map(fd, 4096, PROT_READ, 4096);
	assert_non_null(at);
	assert_non_null(other);
	at[4096] = 'x';
	assert_int_equal(other[0], 'x');
	pid = fork();
	if (pid == 0)
		_exit(msync(at, BYTES, MS_ASYNC) < 0 && errno == ENOMEM ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	munmap(at, BYTES);
	munmap(other, 4096);
	close(fd);
}

static void what_cannot_be_mapped_is_null(void **state)
{
	(void)state;
	assert_null(bpf_memory_map(-1, BYTES, PROT_READ, 0));
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_child_has_it),
		cmocka_unit_test(what_cannot_be_mapped_is_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
