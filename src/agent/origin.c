/* origin: which program of the host a process is. */
#include "agent/origin.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "proc/procfs.h"

#define CGROUP_MAX ((size_t)64 << 10)
#define CONTAINER_ID_LEN 64u
#define CONTAINER_SHOWN 12u

static void keep(char *into, size_t size, struct view text)
{
	size_t len = text.len < size - 1 ? text.len : size - 1;

	memcpy(into, text.at, len);
	into[len] = '\0';
}

/* 64 hex digits somewhere in the name: docker-ID.scope, cri-containerd-ID.scope, ID. */
static bool container_in(struct view name, struct view *ret_id)
{
	size_t run = 0;

	for (size_t i = 0; i < name.len; i++) {
		run = isxdigit((unsigned char)name.at[i]) ? run + 1 : 0;
		if (run == CONTAINER_ID_LEN) {
			*ret_id = (struct view){ name.at + i + 1 - run, CONTAINER_SHOWN };
			return true;
		}
	}
	return false;
}

static void parse_path(struct view path, struct origin *into)
{
	bool more = true;

	while (more) {
		struct view name = view_take(&path, '/', &more), id;

		if (container_in(name, &id))
			keep(into->container, sizeof(into->container), id);
		else if (view_ends(name, VIEW(".service")))
			keep(into->unit, sizeof(into->unit), name);
	}
}

void origin_parse_cgroup(struct view text, struct origin *into)
{
	bool more = true;

	while (more) {
		struct view line = view_take(&text, '\n', &more);
		bool has_colon;

		view_take(&line, ':', &has_colon); /* hierarchy */
		if (has_colon)
			view_take(&line, ':', &has_colon); /* controllers */
		if (has_colon)
			parse_path(line, into);
	}
}

static void read_text(pid_t pid, const char *file, char *into, size_t size)
{
	BUF_AUTO text = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	if (disk_read(path, CGROUP_MAX, &text, NULL) == 0)
		keep(into, size,
			view_trim(view_take(
				&(struct view){ text.at, text.len }, '\n', &(bool){ false })));
}

static void read_exe(pid_t pid, struct origin *ret)
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	len = readlink(path, ret->exe, sizeof(ret->exe) - 1);
	ret->exe[len > 0 ? len : 0] = '\0';
	if (len > 0 && view_ends(view_of(ret->exe), VIEW(" (deleted)")))
		ret->exe[len - 10] = '\0';
}

int origin_read(pid_t pid, struct origin *ret, struct err *err)
{
	BUF_AUTO cgroup = { 0 };
	char path[64];
	int code;

	*ret = (struct origin){ .pid = pid };
	code = procfs_start_time(pid, &ret->start_ticks, err);
	if (code)
		return code;
	read_text(pid, "comm", ret->comm, sizeof(ret->comm));
	read_exe(pid, ret);
	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	if (disk_read(path, CGROUP_MAX, &cgroup, NULL) == 0)
		origin_parse_cgroup(buf_view(&cgroup), ret);
	return 0;
}

struct view origin_service(const struct origin *origin)
{
	struct view unit = view_of(origin->unit), exe = view_of(origin->exe);
	const char *slash = strrchr(origin->exe, '/');

	if (unit.len && !view_starts(unit, VIEW("user@")))
		return (struct view){ unit.at, unit.len - strlen(".service") };
	if (slash && slash[1])
		return view_of(slash + 1);
	return exe.len ? exe : VIEW("kernel");
}
