/* control: who may read a store's folder asks the process that has it for a checkpoint. */
#include "store/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/folders.h"

#define WORD "checkpoint\n"
#define ASK_MS 5000  /* for a client to say what it wants */
#define ANSWER_S 120 /* for a checkpoint to be made */
#define LINE_MAX_ (ERR_TEXT_MAX + 16)

/* Through the folder's descriptor, because a socket's own path may have only 107 bytes. */
static int address_of(const char *path, struct sockaddr_un *ret)
{
	int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/" CONTROL_SOCKET, folder);
	return folder;
}

static void path_in(const char *path, const char *name, struct buf *ret)
{
	buf_add_format(ret, "%s/%s", path, name);
	buf_add_char(ret, '\0');
}

/* ---- the process that has the store ---- */

static bool may_ask(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       (who.uid == 0 || who.uid == geteuid());
}

/* Waits for the descriptor; false when the store closes, or too late. */
static bool wait_for(const struct control *control, int fd, int ms)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = control->stop_fd, .events = POLLIN } };
	int n;

	do
		n = poll(fds, 2, ms);
	while (n < 0 && errno == EINTR);
	return n > 0 && fds[1].revents == 0;
}

static bool wants_checkpoint(const struct control *control, int fd)
{
	char word[sizeof(WORD)] = "";
	size_t got = 0;

	while (got < sizeof(WORD) - 1 && wait_for(control, fd, ASK_MS)) {
		ssize_t n = recv(fd, word + got, sizeof(WORD) - 1 - got, 0);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return strcmp(word, WORD) == 0;
}

static void serve(struct control *control, int fd)
{
	BUF_AUTO path = { 0 }, line = { 0 };
	struct err err = { 0 };
	char byte;
	int rc;

	path_in(control->path, CONTROL_CHECKPOINT, &path);
	if (path.failed || !may_ask(fd) || !wants_checkpoint(control, fd))
		return;
	rc = folders_remove(path.at, &err);
	if (rc == 0)
		rc = control->checkpoint(control->owner, path.at, &err);
	buf_add_format(&line, "%s\n", rc == 0 ? "ok" : "no");
	if (rc < 0)
		buf_add_format(&line, "%s\n", err.text);
	if (!line.failed && send(fd, line.at, line.len, MSG_NOSIGNAL) == (ssize_t)line.len &&
		rc == 0)
		while (wait_for(control, fd, -1) && recv(fd, &byte, 1, 0) > 0)
			continue;
	folders_remove(path.at, NULL);
}

static void *run(void *owner)
{
	struct control *control = owner;

	while (wait_for(control, control->fd, -1)) {
		int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		serve(control, fd);
		close(fd);
	}
	return NULL;
}

int control_start(struct control *control, struct err *err)
{
	struct sockaddr_un address;
	BUF_AUTO old = { 0 };
	int folder, rc = 0;

	path_in(control->path, CONTROL_CHECKPOINT, &old);
	if (old.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	folders_remove(old.at, NULL);
	folder = address_of(control->path, &address);
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	control->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (folder < 0 || control->fd < 0 || control->stop_fd < 0)
		rc = -1;
	if (rc == 0) {
		unlink(address.sun_path);
		fchmod(control->fd, 0600); /* before there is a name */
		rc = bind(control->fd, (struct sockaddr *)&address, sizeof(address));
	}
	if (rc == 0)
		rc = chmod(address.sun_path, 0600);
	if (rc == 0)
		rc = listen(control->fd, 4);
	if (rc < 0)
		rc = err_errno(err, errno, "cannot listen in the store's folder %s", control->path);
	if (folder >= 0)
		close(folder);
	if (rc == 0 && pthread_create(&control->thread, NULL, run, control) != 0)
		rc = err_set(err, ERR_NOMEM, "cannot start a thread of the store");
	control->is_running = rc == 0;
	return rc;
}

void control_stop(struct control *control)
{
	uint64_t one = 1;

	if (control->is_running && write(control->stop_fd, &one, sizeof(one)) == sizeof(one)) {
		struct sockaddr_un address;
		int folder;

		pthread_join(control->thread, NULL);
		folder = address_of(control->path, &address);
		unlink(address.sun_path);
		if (folder >= 0)
			close(folder);
	}
	if (control->fd > 0)
		close(control->fd);
	if (control->stop_fd > 0)
		close(control->stop_fd);
	*control = (struct control){ 0 };
}

/* ---- the client ---- */

static int hear(int fd, struct err *err)
{
	char line[LINE_MAX_] = "";
	size_t got = 0;
	ssize_t n;

	while (got < sizeof(line) - 1 && strncmp(line, "ok\n", 3) != 0 &&
		(n = recv(fd, line + got, sizeof(line) - 1 - got, 0)) > 0)
		got += (size_t)n;
	if (strncmp(line, "ok\n", 3) == 0)
		return 0;
	line[got && line[got - 1] == '\n' ? got - 1 : got] = '\0';
	if (strncmp(line, "no\n", 3) == 0)
		return err_set(err, ERR_IO, "the server made no checkpoint: %s", line + 3);
	return err_set(
		err, ERR_IO, "the server that has the store did not answer in %d s", ANSWER_S);
}

int control_ask(const char *path, int *ret_fd, struct err *err)
{
	struct timeval patience = { .tv_sec = ANSWER_S };
	struct sockaddr_un address;
	int folder = address_of(path, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0;

	*ret_fd = -1;
	if (fd < 0 || folder < 0)
		rc = err_errno(err, errno, "cannot ask the server that has the store %s", path);
	if (rc == 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
			rc = err_set(err, ERR_NOT_FOUND,
				"the process that has the store %s cannot be asked for a "
				"checkpoint: %s",
				path, strerror(errno));
	}
	if (rc == 0 && send(fd, WORD, sizeof(WORD) - 1, MSG_NOSIGNAL) < 0)
		rc = err_errno(err, errno, "cannot ask the server that has the store %s", path);
	if (rc == 0)
		rc = hear(fd, err);
	if (folder >= 0)
		close(folder);
	if (rc == 0)
		*ret_fd = fd;
	else if (fd >= 0)
		close(fd);
	return rc;
}
