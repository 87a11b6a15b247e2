/* procfs: what /proc and /sys say about processes and CPUs. */
#include "proc/procfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/vec.h"

#define SMALL_MAX 65536
#define CPUS_MAX 8192u

static int open_of(pid_t pid, const char *file, int *ret_fd, struct err *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ESRCH)
		return err_set(err, ERR_NOT_FOUND, "there is no process %d", (int)pid);
	return err_errno(err, errno, "cannot open %s", path);
}

static int read_of(pid_t pid, const char *file, size_t max, struct buf *ret, struct err *err)
{
	int fd, rc = open_of(pid, file, &fd, err);

	if (rc < 0)
		return rc;
	rc = disk_read_fd(fd, max, ret, err);
	close(fd);
	/* It may have ended between open and read. */
	if (rc == ERR_IO)
		rc = err_set(err, ERR_NOT_FOUND, "process %d has ended", (int)pid);
	else if (rc < 0)
		err_where(err, "/proc/%d/%s", (int)pid, file);
	return rc;
}

int procfs_read_maps(pid_t pid, struct buf *ret, struct err *err)
{
	return read_of(pid, "maps", PROCFS_MAPS_MAX, ret, err);
}

static int command_name(pid_t pid, char *name, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct view line;
	bool more;
	int rc = read_of(pid, "comm", SMALL_MAX, &text, err);

	if (rc < 0)
		return rc;
	line = buf_view(&text);
	line = view_take(&line, '\n', &more);
	snprintf(name, PROCFS_NAME_MAX, "%.*s", (int)line.len, line.at ? line.at : "");
	return 0;
}

int procfs_name(pid_t pid, char *name, struct err *err)
{
	char path[64], target[PATH_MAX], *slash;
	char *gone;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return command_name(pid, name, err);
	target[len] = '\0';
	gone = strstr(target, " (deleted)");
	if (gone && gone[strlen(" (deleted)")] == '\0')
		*gone = '\0';
	slash = strrchr(target, '/');
	snprintf(name, PROCFS_NAME_MAX, "%.*s", PROCFS_NAME_MAX - 1, slash ? slash + 1 : target);
	return 0;
}

/* Field `number` (as in proc(5), from 3 on) of /proc/PID/stat; the name before may hold anything.
 */
static int stat_field(
	pid_t pid, unsigned number, struct buf *text, struct view *ret, struct err *err)
{
	const char *after;
	struct view rest;
	bool more = true;
	int rc = read_of(pid, "stat", SMALL_MAX, text, err);

	if (rc < 0)
		return rc;
	after = memrchr(text->at, ')', text->len);
	if (!after || after + 2 >= text->at + text->len)
		return err_set(err, ERR_CORRUPT, "cannot read /proc/%d/stat", (int)pid);
	rest = view_between(after + 2, text->at + text->len);
	for (unsigned i = 3; i < number && more; i++)
		view_take(&rest, ' ', &more);
	*ret = view_take(&rest, ' ', &more);
	return 0;
}

int procfs_start_time(pid_t pid, uint64_t *ret_ticks, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct view field;
	int rc = stat_field(pid, 22, &text, &field, err);

	if (rc < 0)
		return rc;
	return view_to_u64(field, ret_ticks)
		       ? 0
		       : err_set(err, ERR_CORRUPT, "cannot read /proc/%d/stat", (int)pid);
}

bool procfs_alive(pid_t pid)
{
	BUF_AUTO text = { 0 };
	struct view state;
	uint64_t threads = 0;

	if (stat_field(pid, 3, &text, &state, NULL) < 0)
		return false;
	if (state.len != 1 || (state.at[0] != 'Z' && state.at[0] != 'X'))
		return true;
	/* The first thread may end before the others. */
	buf_clear(&text);
	return stat_field(pid, 20, &text, &state, NULL) == 0 && view_to_u64(state, &threads) &&
	       threads > 1;
}

int procfs_inner_pid(pid_t pid, pid_t *ret, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct view rest, line, word, key = VIEW("NSpid:");
	uint64_t number = (uint64_t)pid;
	bool more = true;
	int rc = read_of(pid, "status", SMALL_MAX, &text, err);

	if (rc < 0)
		return rc;
	for (rest = buf_view(&text); more;) {
		line = view_take(&rest, '\n', &more);
		if (!view_starts(line, key))
			continue;
		/* Tabs between the numbers, the innermost namespace last. */
		while (line.len) {
			bool tab;

			word = view_take(&line, '\t', &tab);
			view_to_u64(word, &number);
		}
	}
	*ret = (pid_t)number;
	return 0;
}

static int list_numbers(const char *folder, pid_t **ret, size_t *ret_count, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	pid_t *pids = NULL;
	size_t n = 0, cap = 0;
	int rc = 0;

	if (!dir)
		return err_errno(err, errno, "cannot list %s", folder);
	while (rc == 0 && (entry = readdir(dir))) {
		pid_t *new_;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		new_ = VEC_ADD(pids, n, cap);
		if (new_)
			*new_ = (pid_t)strtol(entry->d_name, NULL, 10);
		else
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	closedir(dir);
	if (rc < 0) {
		free(pids);
		return rc;
	}
	*ret = pids;
	*ret_count = n;
	return 0;
}

int procfs_processes(pid_t **ret, size_t *ret_count, struct err *err)
{
	return list_numbers("/proc", ret, ret_count, err);
}

int procfs_threads(pid_t pid, pid_t **ret, size_t *ret_count, struct err *err)
{
	char folder[64];
	struct err why = { 0 };
	int rc;

	snprintf(folder, sizeof(folder), "/proc/%d/task", (int)pid);
	rc = list_numbers(folder, ret, ret_count, &why);
	if (rc == ERR_NOT_FOUND)
		return err_set(err, rc, "there is no process %d", (int)pid);
	return rc < 0 ? err_set(err, rc, "%s", why.text) : 0;
}

static int add_cpus(unsigned first, unsigned last, unsigned **cpus, size_t *n, size_t *cap)
{
	if (first > last || last >= CPUS_MAX)
		return ERR_CORRUPT;
	for (unsigned cpu = first; cpu <= last; cpu++) {
		unsigned *new_ = VEC_ADD(*cpus, *n, *cap);

		if (!new_)
			return ERR_NOMEM;
		*new_ = cpu;
	}
	return 0;
}

int procfs_parse_cpus(const char *text, unsigned **ret, size_t *ret_count, struct err *err)
{
	struct view rest = view_of(text);
	unsigned *cpus = NULL;
	size_t n = 0, cap = 0;
	bool more = true;
	int rc = 0;

	while (rc == 0 && more) {
		struct view item = view_trim(view_take(&rest, ',', &more));
		bool range;
		struct view first = view_take(&item, '-', &range);
		uint64_t from, to;

		if (!view_to_u64(first, &from) || from >= CPUS_MAX)
			rc = ERR_CORRUPT;
		else if (range && (!view_to_u64(item, &to) || to >= CPUS_MAX))
			rc = ERR_CORRUPT;
		else
			rc = add_cpus(
				(unsigned)from, (unsigned)(range ? to : from), &cpus, &n, &cap);
	}
	if (rc < 0) {
		free(cpus);
		return err_set(err, rc, "\"%s\" is not a list of CPUs", text);
	}
	*ret = cpus;
	*ret_count = n;
	return 0;
}

int procfs_online_cpus(unsigned **ret, size_t *ret_count, struct err *err)
{
	BUF_AUTO text = { 0 };
	int rc = disk_read("/sys/devices/system/cpu/online", SMALL_MAX, &text, err);

	if (rc < 0)
		return rc;
	while (text.len && (text.at[text.len - 1] == '\n'))
		text.len--;
	buf_add_char(&text, '\0');
	if (text.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	return procfs_parse_cpus(text.at, ret, ret_count, err);
}

int procfs_number(const char *path, long *ret, struct err *err)
{
	BUF_AUTO text = { 0 };
	int rc = disk_read(path, SMALL_MAX, &text, err);
	char *end;

	if (rc < 0)
		return rc;
	buf_add_char(&text, '\0');
	if (text.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	*ret = strtol(text.at, &end, 10);
	return end != text.at ? 0 : err_set(err, ERR_CORRUPT, "%s is not a number", path);
}
