/* kind_output: a snapshot that the program itself wants, and where its bytes go. */
#include "inproc/kind_output.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/disk.h"
#include "inproc/engine.h"
#include "inproc/expand.h"
#include "inproc/kind.h"

struct wanted {
	const struct kind *kind;
	struct buf bytes;
};

static int take(void *context, struct err *err)
{
	struct wanted *wanted = context;
	PROFILE_AUTO profile = NULL;
	int rc = wanted->kind->snapshot(&profile, err);

	return rc < 0 ? rc : kind_zip(profile, &wanted->bytes, err);
}

int kind_output_bytes(int fd, struct view bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot write the profile");
		bytes = (struct view){ bytes.at + n, bytes.len - (size_t)n };
	}
	return 0;
}

int kind_output_write(const struct kind *kind, const char *path, int fd, struct err *err)
{
	struct wanted wanted = { .kind = kind };
	char name[PATH_MAX];
	int rc = path ? expand_pid(path, name, sizeof(name), err) : 0;

	if (rc == 0)
		rc = engine_call(take, &wanted, err);
	if (rc == 0 && path)
		rc = disk_write(name, buf_view(&wanted.bytes), err);
	else if (rc == 0)
		rc = kind_output_bytes(fd, buf_view(&wanted.bytes), err);
	buf_fini(&wanted.bytes);
	return rc;
}
