/* heap_output: a heap profile that the program itself keeps, and where its bytes go. */
#include "inproc/heap_output.h"

#include <limits.h>

#include "base/disk.h"
#include "inproc/engine.h"
#include "inproc/expand.h"
#include "inproc/heap_profile.h"
#include "inproc/sig_heap.h"

static int start(void *rate, struct err *err)
{
	return heap_profile_start(*(uint64_t *)rate, err);
}

int heap_output_start(uint64_t rate, struct err *err)
{
	int rc = engine_call(start, &rate, err);

	if (rc == 0)
		sig_heap_join();
	return rc;
}

static int stop(void *unused, struct err *err)
{
	if (!heap_profile_running())
		return err_set(err, ERR_USAGE, "no heap profile is kept");
	heap_profile_stop();
	return 0;
}

int heap_output_stop(struct err *err)
{
	return engine_call(stop, NULL, err);
}

static int take(void *into, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	int rc = heap_profile_heap.snapshot(&profile, err);

	return rc < 0 ? rc : kind_zip(profile, into, err);
}

int heap_output_write(const char *path, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	char name[PATH_MAX];
	int rc = expand_pid(path, name, sizeof(name), err);

	if (rc == 0)
		rc = engine_call(take, &bytes, err);
	return rc < 0 ? rc : disk_write(name, buf_view(&bytes), err);
}
