/* dwarfchild: DWARF is read in a child, so that a hostile file can only hurt itself. */
#include "symbol/dwarfchild.h"

#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "object/object.h"
#include "symbol/dwarfread.h"

#define NOBODY 65534
#define STEP ((size_t)64 << 10)

enum { FD_OBJECT = 3, FD_REPLY, FD_FIRST_CLOSED };

bool dwarfchild_useful(const struct object *object)
{
	return object_fd(object) >= 0 &&
	       (object_section(object, ".debug_info") || object_section(object, ".zdebug_info"));
}

/* Pages in use now, of all kinds and of private memory: the limits count from there. */
static void used_pages(uint64_t *ret_all, uint64_t *ret_data)
{
	unsigned long long all = 0, data = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file) {
		if (fscanf(file, "%llu %*u %*u %*u %*u %llu", &all, &data) != 2)
			all = data = 0;
		fclose(file);
	}
	*ret_all = all;
	*ret_data = data;
}

static void limit(int what, uint64_t most)
{
	setrlimit(what, &(struct rlimit){ .rlim_cur = most, .rlim_max = most });
}

/* Split DWARF and dwz files are mapped too, hence four times the file. */
static void limit_memory(uint64_t file_size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), all, data;

	used_pages(&all, &data);
	limit(RLIMIT_DATA, data * page + DWARFCHILD_MEMORY_MAX);
	limit(RLIMIT_AS, all * page + DWARFCHILD_MEMORY_MAX + 4 * file_size);
}

static bool give_up_rights(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() != 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
	       setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* Moves the two descriptors to their numbers, past each other if need be, and closes all others. */
static bool keep_two(int object_from, int reply_from)
{
	int high_object = fcntl(object_from, F_DUPFD, FD_FIRST_CLOSED);
	int high_reply = fcntl(reply_from, F_DUPFD, FD_FIRST_CLOSED);

	return high_object >= 0 && high_reply >= 0 && dup2(high_object, FD_OBJECT) >= 0 &&
	       dup2(high_reply, FD_REPLY) >= 0 && close_range(FD_FIRST_CLOSED, ~0u, 0) == 0;
}

static void write_out(struct buf *out, void *opaque)
{
	for (size_t at = 0; at < out->len;) {
		ssize_t put = write(FD_REPLY, out->at + at, out->len - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			_exit(1);
		at += (size_t)put;
	}
	buf_clear(out);
}

__attribute__((noreturn)) static void child(
	const struct dwarfchild_query *query, int reply_fd, unsigned timeout_ms)
{
	struct buf out = { .max = DWARFREPLY_BYTES_MAX };

	signal(SIGINT, SIG_IGN); /* the parent decides when it is over */
	signal(SIGPIPE, SIG_DFL);
	if (!keep_two(object_fd(query->object), reply_fd))
		_exit(1);
	limit_memory(object_size(query->object));
	limit(RLIMIT_CPU, timeout_ms / 1000 + 1);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	if (!give_up_rights())
		_exit(1);
	dwarfread(FD_OBJECT, query->addresses, query->n,
		&(struct dwarfread_sink){ .out = &out, .flush = write_out });
	_exit(0);
}

/* Reads until the child closes its end, says too much, or is out of time. */
static void listen_to(int fd, uint64_t deadline_ns, struct buf *bytes)
{
	for (;;) {
		uint64_t now = clock_monotonic_ns();
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		char *room;
		ssize_t got;

		if (now >= deadline_ns)
			return;
		if (poll(&wait, 1, (int)((deadline_ns - now) / 1000000 + 1)) < 0 && errno != EINTR)
			return;
		if (!wait.revents)
			continue;
		room = buf_reserve(bytes, STEP);
		if (!room)
			return;
		got = read(fd, room, STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		bytes->len += (size_t)got;
	}
}

/* Where SIGCHLD is ignored the child may be gone already, and its number another's. */
static void end_child(pid_t pid)
{
	if (waitpid(pid, NULL, WNOHANG) != 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int dwarfchild_read(const struct dwarfchild_query *query, struct buf *bytes, struct dwarfreply *ret,
	struct err *err)
{
	unsigned timeout_ms = query->timeout_ms ? query->timeout_ms : DWARFCHILD_TIMEOUT_MS;
	size_t start = bytes->len;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, errno, "cannot make a pipe");
	dwarf_errno(); /* loads libdw, which the child has no rights to open (base/late.h) */
	pid = fork();
	if (pid == 0)
		child(query, ends[1], timeout_ms);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_errno(err, errno, "cannot start a child to read debug information");
	}
	listen_to(ends[0], clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000, bytes);
	close(ends[0]);
	end_child(pid);
	if (dwarfreply_decode(
		    (struct view){ bytes->at + start, bytes->len - start }, query->n, ret) < 0)
		return err_set(err, ERR_NOMEM, "out of memory for %zu bytes", bytes->len - start);
	return 0;
}
