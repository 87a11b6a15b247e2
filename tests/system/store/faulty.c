/*
 * faulty: a disk that fails, or whose machine loses its power, for the files of one folder.
 *
 *   LD_PRELOAD=faulty.so FAULTY_FOLDER=DIR FAULTY_CALL=write|sync|rename FAULTY_NTH=N
 * [FAULTY_TIMES=1]
 *
 * The Nth such call fails with EIO, and the ones after it up to FAULTY_TIMES. With FAULTY_LOG=FILE
 * each sync and rename that went well is a line there: what a power cut would leave.
 */
#undef _FILE_OFFSET_BITS /* pwrite and pwrite64 are two functions here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_ulong calls;

static int is_ours(const char *path)
{
	const char *folder = getenv("FAULTY_FOLDER");

	return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int path_of(int fd, char *path, size_t size)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, size - 1);
	path[n > 0 ? n : 0] = '\0';
	return n > 0 && is_ours(path);
}

static int fails(const char *call)
{
	const char *wanted = getenv("FAULTY_CALL"), *nth = getenv("FAULTY_NTH");
	const char *times = getenv("FAULTY_TIMES");
	unsigned long from, n;

	if (!wanted || strcmp(wanted, call) != 0 || !nth)
		return 0;
	from = strtoul(nth, NULL, 10);
	n = atomic_fetch_add(&calls, 1) + 1;
	if (n < from || n >= from + (times ? strtoul(times, NULL, 10) : 1))
		return 0;
	errno = EIO;
	return 1;
}

static void note(const char *what, const char *path, const char *more)
{
	const char *log = getenv("FAULTY_LOG");
	char line[9000];
	int fd, n = snprintf(line, sizeof(line), "%s\t%s\t%s\n", what, path, more);

	if (!log || (fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) < 0)
		return;
	if (REAL(write)(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	char path[4096];

	if (path_of(fd, path, sizeof(path)) && fails("write"))
		return -1;
	return REAL(write)(fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	char path[4096];

	if (path_of(fd, path, sizeof(path)) && fails("write"))
		return -1;
	return REAL(pwrite)(fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return pwrite(fd, bytes, len, at);
}

/* The size before the call: what is written meanwhile may not be there. */
static int sync_file(int fd, int (*real)(int))
{
	char path[4096], size[32];
	struct stat st;

	if (!path_of(fd, path, sizeof(path)) || fstat(fd, &st) < 0)
		return real(fd);
	if (fails("sync"))
		return -1;
	if (real(fd) < 0)
		return -1;
	snprintf(size, sizeof(size), "%lld", (long long)st.st_size);
	note("sync", path, size);
	return 0;
}

int fsync(int fd)
{
	return sync_file(fd, REAL(fsync));
}

int fdatasync(int fd)
{
	return sync_file(fd, REAL(fdatasync));
}

int rename(const char *from, const char *to)
{
	if (is_ours(to) && fails("rename"))
		return -1;
	if (REAL(rename)(from, to) < 0)
		return -1;
	if (is_ours(to))
		note("rename", from, to);
	return 0;
}
