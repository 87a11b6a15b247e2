/* record_child: somebody's command, held back until sampling has begun. */
#include "cli/record_child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(int wait_fd, int failed_fd, char *const *argv, const sigset_t *mask)
{
	char go;
	int why;

	/* Our end closed without a word means that nothing will be sampled. */
	if (read(wait_fd, &go, 1) != 1)
		_exit(125);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	why = errno;
	if (write(failed_fd, &why, sizeof(why)) < 0)
		_exit(125);
	_exit(why == ENOENT ? 127 : 126);
}

int record_child_start(
	struct record_child *child, char *const *argv, const sigset_t *mask, struct err *err)
{
	int go[2], failed[2];

	*child = (struct record_child){ .go_fd = -1, .failed_fd = -1 };
	if (pipe2(go, O_CLOEXEC) < 0)
		return err_errno(err, errno, "cannot make a pipe");
	if (pipe2(failed, O_CLOEXEC) < 0) {
		close(go[0]);
		close(go[1]);
		return err_errno(err, errno, "cannot make a pipe");
	}
	child->pid = fork();
	if (child->pid == 0) {
		close(go[1]);
		become(go[0], failed[1], argv, mask);
	}
	close(go[0]);
	close(failed[1]);
	child->go_fd = go[1];
	child->failed_fd = failed[0];
	if (child->pid > 0)
		return 0;
	child->pid = 0;
	record_child_abandon(child);
	return err_errno(err, errno, "cannot make a process");
}

int record_child_go(struct record_child *child, const char *name, struct err *err)
{
	ssize_t got;
	int why = 0;

	if (write(child->go_fd, "g", 1) != 1)
		return err_errno(err, errno, "cannot start %s", name);
	close(child->go_fd);
	child->go_fd = -1;
	do /* the end of the pipe: exec has closed it */
		got = read(child->failed_fd, &why, sizeof(why));
	while (got < 0 && errno == EINTR);
	close(child->failed_fd);
	child->failed_fd = -1;
	if (got != sizeof(why))
		return 0;
	child->never_ran = true;
	record_child_look(child, true);
	return err_errno(err, why, "cannot run %s", name);
}

void record_child_look(struct record_child *child, bool wait)
{
	struct rusage usage;

	if (child->pid == 0 || child->ended ||
		wait4(child->pid, &child->status, wait ? 0 : WNOHANG, &usage) != child->pid)
		return;
	child->ended = true;
	child->cpu_ns = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
			(uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
}

int record_child_exit_status(const struct record_child *child)
{
	return WIFSIGNALED(child->status) ? 128 + WTERMSIG(child->status)
					  : WEXITSTATUS(child->status);
}

void record_child_abandon(struct record_child *child)
{
	bool waits = child->go_fd >= 0;

	if (child->go_fd >= 0)
		close(child->go_fd);
	if (child->failed_fd >= 0)
		close(child->failed_fd);
	child->go_fd = child->failed_fd = -1;
	if (waits)
		record_child_look(child, true);
}
