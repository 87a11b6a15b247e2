/* perfmap: what a process says about the code it generates. */
#include "symbol/perfmap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/hash.h"
#include "symbol/jitdump.h"
#include "symbol/maptext.h"

#define STATUS_MAX ((size_t)64 << 10)
#define DUMP_STEP ((size_t)4 << 20)

struct dump {
	int fd;
	struct view path; /* owned */
	struct jitdump state;
};

struct perfmap {
	int root_fd;   /* the process's root folder */
	int map_fd;    /* -1 until there is one */
	uid_t uid;     /* the process's effective user */
	char name[64]; /* tmp/perf-PID.map */
	size_t parsed; /* bytes of the map that are in the table … */
	uint64_t hash; /* … and their hash: was it rewritten since? */
	struct dump dumps[PERFMAP_DUMPS_MAX];
	size_t n_dumps;
	struct codetable code;
	struct err refusal;
};

/* A number after `key` in /proc/PID/status: the `nth` on its line, or the last. */
static bool status_number(struct view status, struct view key, int nth, uint64_t *ret)
{
	bool more = true;

	while (more) {
		struct view line = view_take(&status, '\n', &more);
		bool words = true;

		if (!view_starts(line, key))
			continue;
		line = (struct view){ line.at + key.len, line.len - key.len };
		line = view_trim(line);
		for (int i = 0; words && i != nth; i++) {
			struct view word = view_take(&line, '\t', &words);

			if (!view_to_u64(word, ret))
				return false;
		}
		return true;
	}
	return false;
}

static int read_status(struct perfmap *perfmap, pid_t pid, struct err *err)
{
	BUF_AUTO status = { 0 };
	uint64_t uid, inner = (uint64_t)pid;
	char path[64];
	int rc;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	rc = disk_read(path, STATUS_MAX, &status, err);
	if (rc < 0)
		return rc;
	if (!status_number(buf_view(&status), VIEW("Uid:"), 2, &uid))
		return err_set(err, ERR_CORRUPT, "%s names no user", path);
	status_number(buf_view(&status), VIEW("NSpid:"), -1, &inner);
	perfmap->uid = (uid_t)uid;
	snprintf(perfmap->name, sizeof(perfmap->name), "tmp/perf-%llu.map",
		(unsigned long long)inner);
	return 0;
}

static int open_root(struct perfmap *perfmap, pid_t pid, struct err *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);
	perfmap->root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return perfmap->root_fd < 0 ? err_errno(err, errno, "cannot open %s", path) : 0;
}

int perfmap_open(pid_t pid, struct perfmap **ret, struct err *err)
{
	struct perfmap *perfmap = calloc(1, sizeof(*perfmap));
	int rc;

	if (!perfmap)
		return err_set(err, ERR_NOMEM, "out of memory");
	perfmap->root_fd = -1;
	perfmap->map_fd = -1;
	codetable_init(&perfmap->code);
	rc = open_root(perfmap, pid, err);
	if (rc == 0)
		rc = read_status(perfmap, pid, err);
	if (rc < 0) {
		perfmap_free(perfmap);
		return rc;
	}
	*ret = perfmap;
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void perfmap_free(struct perfmap *perfmap)
{
	if (!perfmap)
		return;
	for (size_t i = 0; i < perfmap->n_dumps; i++) {
		close_fd(perfmap->dumps[i].fd);
		free((char *)perfmap->dumps[i].path.at);
		jitdump_fini(&perfmap->dumps[i].state);
	}
	close_fd(perfmap->root_fd);
	close_fd(perfmap->map_fd);
	codetable_fini(&perfmap->code);
	free(perfmap);
}

/* Below the process's root, whatever ".." or links say; the last part must not be a link. */
static int open_below(int root_fd, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
}

static int refuse(struct perfmap *perfmap, int fd, const char *path, const char *why)
{
	err_set(&perfmap->refusal, ERR_DENIED, "%s: %s", path, why);
	close(fd);
	return -1;
}

/* An open file that we may believe, or -1. */
static int open_trusted(struct perfmap *perfmap, const char *path)
{
	struct stat st;
	int fd = open_below(perfmap->root_fd, path);

	if (fd < 0) {
		if (errno != ENOENT)
			err_errno(&perfmap->refusal, errno, "cannot open %s", path);
		return -1;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return refuse(perfmap, fd, path, "not a regular file");
	if (st.st_uid != perfmap->uid && st.st_uid != 0)
		return refuse(perfmap, fd, path, "owned neither by the process's user nor by root");
	if (st.st_nlink > 1)
		return refuse(perfmap, fd, path, "has more than one name");
	return fd;
}

static bool is_jitdump_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct view name = view_of(slash ? slash + 1 : path);
	uint64_t number;

	return view_starts(name, VIEW("jit-")) && view_ends(name, VIEW(".dump")) &&
	       view_to_u64((struct view){ name.at + 4, name.len - 9 }, &number);
}

void perfmap_note_jitdump(struct perfmap *perfmap, const char *path)
{
	struct dump *dump = &perfmap->dumps[perfmap->n_dumps];
	char *copy;

	if (perfmap->n_dumps == PERFMAP_DUMPS_MAX || strlen(path) < 9 || !is_jitdump_name(path))
		return;
	for (size_t i = 0; i < perfmap->n_dumps; i++)
		if (view_equal(perfmap->dumps[i].path, view_of(path)))
			return;
	copy = strdup(path);
	if (!copy)
		return;
	*dump = (struct dump){ .fd = open_trusted(perfmap, path), .path = view_of(copy) };
	perfmap->n_dumps++;
}

static uint64_t hash_start(const struct buf *text, size_t len)
{
	return hash_view((struct view){ text->at, len });
}

/* A map that only grew is read on; one that was written anew adds all it says. */
static void take_map(struct perfmap *perfmap, const struct buf *text)
{
	size_t from = 0;

	if (perfmap->parsed && text->len >= perfmap->parsed &&
		hash_start(text, perfmap->parsed) == perfmap->hash)
		from = perfmap->parsed;
	perfmap->parsed = from + maptext_parse((struct view){ text->at + from, text->len - from },
					 &perfmap->code);
	perfmap->hash = hash_start(text, perfmap->parsed);
}

/* The file may have another owner or inode by now, so it is opened anew; if that fails, the one
 * held tells what the process wrote before it ended. */
static int read_map(struct perfmap *perfmap, struct err *err)
{
	BUF_AUTO text = { .max = PERFMAP_FILE_MAX + 1 };
	int fd = open_trusted(perfmap, perfmap->name);
	struct stat st;
	size_t size;

	if (fd >= 0) {
		close_fd(perfmap->map_fd);
		perfmap->map_fd = fd;
	}
	if (perfmap->map_fd < 0 || fstat(perfmap->map_fd, &st) < 0 || st.st_size <= 0)
		return 0;
	size = (size_t)st.st_size;
	if (size > PERFMAP_FILE_MAX) {
		size = PERFMAP_FILE_MAX;
		err_set(&perfmap->refusal, ERR_LIMIT, "%s: only the first %zu MiB were read",
			perfmap->name, PERFMAP_FILE_MAX >> 20);
	}
	if (!buf_reserve(&text, size))
		return err_set(err, ERR_NOMEM, "out of memory for %s", perfmap->name);
	/* Cut short while we read it: what is there will be read the next time. */
	if (disk_read_at(perfmap->map_fd, text.at, size, 0, NULL) < 0)
		return 0;
	text.len = size;
	take_map(perfmap, &text);
	return 0;
}

static int read_dump(struct perfmap *perfmap, struct dump *dump, struct err *err)
{
	BUF_AUTO bytes = { .max = DUMP_STEP };
	bool progress = true;
	struct stat st;

	if (dump->fd < 0 && dump->path.len)
		dump->fd = open_trusted(perfmap, dump->path.at);
	if (dump->fd < 0 || fstat(dump->fd, &st) < 0)
		return 0;
	if (!buf_reserve(&bytes, DUMP_STEP))
		return err_set(err, ERR_NOMEM, "out of memory for %s", dump->path.at);
	while (progress && (uint64_t)st.st_size > dump->state.offset &&
		dump->state.offset < PERFMAP_DUMP_MAX) {
		uint64_t left = (uint64_t)st.st_size - dump->state.offset;
		size_t step = left < DUMP_STEP ? (size_t)left : DUMP_STEP;

		if (disk_read_at(dump->fd, bytes.at, step, dump->state.offset, NULL) < 0)
			return 0;
		progress = jitdump_parse(
			&dump->state, (struct view){ bytes.at, step }, left > step, &perfmap->code);
	}
	return 0;
}

int perfmap_refresh(struct perfmap *perfmap, struct err *err)
{
	size_t before = perfmap->code.n_entries;
	int rc = read_map(perfmap, err);

	for (size_t i = 0; rc == 0 && i < perfmap->n_dumps; i++)
		rc = read_dump(perfmap, &perfmap->dumps[i], err);
	if (rc == 0 && perfmap->code.n_entries != before)
		rc = codetable_index(&perfmap->code);
	return rc;
}

bool perfmap_find(const struct perfmap *perfmap, uint64_t address, struct code_hit *ret)
{
	return codetable_find(&perfmap->code, address, ret);
}

size_t perfmap_count(const struct perfmap *perfmap)
{
	return perfmap->code.n_entries;
}

const char *perfmap_refusal(const struct perfmap *perfmap)
{
	return perfmap->refusal.code ? perfmap->refusal.text : NULL;
}
