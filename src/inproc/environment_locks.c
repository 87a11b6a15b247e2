/* environment_locks: what the environment asks to be recorded of waits. */
#include "inproc/environment_locks.h"

#include <limits.h>
#include <stdlib.h>

#include "base/view.h"
#include "inproc/engine.h"
#include "inproc/environment.h"
#include "inproc/kind_output.h"
#include "inproc/lock_capture.h"

static struct file {
	const char *variable;
	const struct kind *kind;
	char path[PATH_MAX]; /* "" = none */
} files[] = { { "FLYOVER_BLOCKPROFILE", &lock_capture_block, "" },
	{ "FLYOVER_MUTEXPROFILE", &lock_capture_mutex, "" } };

#define N_FILES (sizeof(files) / sizeof(files[0]))

static const char *setting(const char *name)
{
	const char *text = secure_getenv(name);

	return text && *text ? text : NULL;
}

bool environment_locks_asked(void)
{
	bool asked = setting("FLYOVER_LOCKS") != NULL;

	for (size_t i = 0; i < N_FILES; i++)
		asked |= setting(files[i].variable) != NULL;
	return asked;
}

static int read_rate(uint64_t *ret, struct err *err)
{
	const char *text = setting("FLYOVER_LOCKS");

	*ret = 0;
	if (!text ||
		(view_to_u64(view_of(text), ret) && *ret >= 1 && *ret <= LOCK_CAPTURE_RATE_NS_MAX))
		return 0;
	return err_set(err, ERR_USAGE,
		"FLYOVER_LOCKS=%s is no number of nanoseconds from 1 to an hour", text);
}

static int start(void *rate_ns, struct err *err)
{
	return lock_capture_start(*(const uint64_t *)rate_ns, err);
}

int environment_locks_begin(bool is_first, struct err *err)
{
	uint64_t rate_ns;
	int rc = read_rate(&rate_ns, err);

	for (size_t i = 0; rc == 0 && i < N_FILES; i++)
		if (setting(files[i].variable))
			rc = environment_file(setting(files[i].variable), is_first, files[i].path,
				sizeof(files[i].path), err);
	if (rc == 0 && environment_locks_asked())
		rc = engine_call(start, &rate_ns, err);
	return rc;
}

void environment_locks_end(void)
{
	for (size_t i = 0; i < N_FILES; i++)
		if (files[i].path[0])
			kind_output_write(files[i].kind, files[i].path, -1, NULL);
}

void environment_locks_after_fork(void)
{
	for (size_t i = 0; i < N_FILES; i++)
		files[i].path[0] = '\0';
}
