/* disk: every file call, so that one place can fail on purpose. */
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)1 << 18)

static struct {
	unsigned countdown;
	int error;
} faults[DISK_CALLS];

void disk_fail_after(enum disk_call call, unsigned nth, int error)
{
	faults[call].countdown = nth;
	faults[call].error = error;
}

static bool fails(enum disk_call call)
{
	if (faults[call].countdown == 0 || --faults[call].countdown)
		return false;
	errno = faults[call].error;
	return true;
}

static int open_file(const char *path, int flags, mode_t mode)
{
	return fails(DISK_OPEN) ? -1 : open(path, flags | O_CLOEXEC, mode);
}

static ssize_t read_some(int fd, void *into, size_t len)
{
	ssize_t got;

	do
		got = fails(DISK_READ) ? -1 : read(fd, into, len);
	while (got < 0 && errno == EINTR);
	return got;
}

int disk_read_fd(int fd, size_t max, struct buf *ret, struct err *err)
{
	size_t total = 0;

	for (;;) {
		char *room = buf_reserve(ret, READ_STEP);
		ssize_t got;

		if (!room)
			return err_set(err, ERR_NOMEM, "out of memory after %zu bytes", total);
		got = read_some(fd, room, READ_STEP);
		if (got < 0)
			return err_errno(err, errno, "cannot read");
		if (got == 0)
			return 0;
		total += (size_t)got;
		ret->len += (size_t)got;
		if (total > max)
			return err_set(err, ERR_LIMIT, "larger than the limit of %zu bytes", max);
	}
}

/* Whether what was opened can be read to an end. A pipe given by name (a shell's <(…)) can. */
static int check_readable(int fd, const char *path, struct stat *ret, struct err *err)
{
	if (fstat(fd, ret) < 0)
		return err_errno(err, errno, "cannot read %s", path);
	if (S_ISDIR(ret->st_mode))
		return err_set(err, ERR_USAGE, "%s is a directory", path);
	if (S_ISBLK(ret->st_mode) || (S_ISCHR(ret->st_mode) && !isatty(fd)))
		return err_set(err, ERR_USAGE, "%s is a device", path);
	if (!S_ISREG(ret->st_mode) && fcntl(fd, F_SETFL, 0) < 0)
		return err_errno(err, errno, "cannot read %s", path);
	return 0;
}

int disk_read(const char *path, size_t max, struct buf *ret, struct err *err)
{
	struct stat st;
	int fd, rc;

	if (strcmp(path, "-") == 0) {
		rc = disk_read_fd(STDIN_FILENO, max, ret, err);
		if (rc < 0)
			err_where(err, "standard input");
		return rc;
	}
	fd = open_file(path, O_RDONLY | O_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(err, errno, "cannot open %s", path);
	rc = check_readable(fd, path, &st, err);
	if (rc == 0) {
		/* What is there now, at once: growing would copy a large file again and again. */
		if (S_ISREG(st.st_mode) && (size_t)st.st_size <= max)
			buf_reserve(ret, (size_t)st.st_size + READ_STEP);
		rc = disk_read_fd(fd, max, ret, err);
		if (rc < 0)
			err_where(err, "%s", path);
	}
	close(fd);
	return rc;
}

int disk_read_at(int fd, void *into, size_t len, uint64_t offset, struct err *err)
{
	char *at = into;

	while (len) {
		ssize_t got = fails(DISK_READ) ? -1 : pread(fd, at, len, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "cannot read");
		if (got == 0)
			return err_set(err, ERR_CORRUPT, "the file ends before byte %llu",
				(unsigned long long)(offset + len));
		at += got;
		len -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 0;
}

static int write_all(int fd, struct view bytes)
{
	while (bytes.len) {
		ssize_t put = fails(DISK_WRITE) ? -1 : write(fd, bytes.at, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		bytes.at += put;
		bytes.len -= (size_t)put;
	}
	return 0;
}

int disk_write_at(int fd, struct view bytes, uint64_t offset, struct err *err)
{
	while (bytes.len) {
		ssize_t put =
			fails(DISK_WRITE) ? -1 : pwrite(fd, bytes.at, bytes.len, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(err, errno, "cannot write");
		bytes.at += put;
		bytes.len -= (size_t)put;
		offset += (uint64_t)put;
	}
	return 0;
}

static int write_in_place(const char *path, int fd, struct view bytes, struct err *err)
{
	int rc = write_all(fd, bytes);

	return rc < 0 ? err_errno(err, -rc, "cannot write %s", path) : 0;
}

/* Makes the new name durable; a file system that cannot sync a directory is not an error. */
static void sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 1,
		slash ? path : ".");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int write_and_rename(const char *path, struct view bytes, struct err *err)
{
	char temporary[PATH_MAX];
	uint64_t number;
	int fd, rc;

	/* Process numbers repeat in containers: one who was killed here leaves a name like ours. */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = (uint64_t)getpid();
	if (snprintf(temporary, sizeof(temporary), "%s.%" PRIx64 ".part", path, number) >=
		(int)sizeof(temporary))
		return err_set(err, ERR_USAGE, "path too long: %.200s…", path);
	fd = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd < 0)
		return err_errno(err, errno, "cannot create %s", path);
	rc = write_all(fd, bytes);
	if (rc == 0 && (fails(DISK_SYNC) || fsync(fd) < 0))
		rc = -errno;
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && (fails(DISK_RENAME) || rename(temporary, path) < 0))
		rc = -errno;
	if (rc < 0) {
		unlink(temporary);
		return err_errno(err, -rc, "cannot write %s", path);
	}
	sync_folder_of(path);
	return 0;
}

int disk_keep(int fd, const char *temporary, const char *path, struct err *err)
{
	if (fails(DISK_SYNC) || fsync(fd) < 0 || fails(DISK_RENAME) || rename(temporary, path) < 0)
		return err_errno(err, errno, "cannot write %s", path);
	sync_folder_of(path);
	return 0;
}

int disk_write(const char *path, struct view bytes, struct err *err)
{
	struct stat st;
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return write_in_place("standard output", STDOUT_FILENO, bytes, err);
	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return write_and_rename(path, bytes, err);
	fd = open_file(path, O_WRONLY, 0);
	if (fd < 0)
		return err_errno(err, errno, "cannot open %s", path);
	rc = write_in_place(path, fd, bytes, err);
	close(fd);
	return rc;
}
