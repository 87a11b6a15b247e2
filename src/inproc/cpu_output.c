/* cpu_output: a CPU capture that the program itself began, and where its bytes go. */
#include "inproc/cpu_output.h"

#include <limits.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/disk.h"
#include "inproc/engine.h"
#include "inproc/expand.h"
#include "inproc/kind_output.h"

static struct {
	_Atomic bool running;
	char path[PATH_MAX];
	int fd;
} output;

struct stop {
	struct buf profile;
	char path[PATH_MAX];
	int fd;
};

bool cpu_output_running(void)
{
	return atomic_load(&output.running);
}

void cpu_output_after_fork(void)
{
	atomic_store(&output.running, false);
}

static int start(void *context, struct err *err)
{
	const struct cpu_output_options *options = context;
	int rc = 0;

	if (cpu_capture_running())
		return cpu_capture_start(&options->capture, err); /* which says so */
	output.path[0] = '\0';
	output.fd = options->fd;
	if (options->path)
		rc = expand_pid(options->path, output.path, sizeof(output.path), err);
	if (rc == 0)
		rc = cpu_capture_start(&options->capture, err);
	if (rc == 0)
		atomic_store(&output.running, true);
	return rc;
}

int cpu_output_start(const struct cpu_output_options *options, struct err *err)
{
	return engine_call(start, (void *)options, err);
}

static int stop(void *context, struct err *err)
{
	struct stop *stop = context;

	if (!atomic_exchange(&output.running, false))
		return err_set(err, ERR_USAGE, "no CPU profile was started");
	memcpy(stop->path, output.path, sizeof(stop->path));
	stop->fd = output.fd;
	return cpu_capture_stop(&stop->profile, err);
}

int cpu_output_stop(struct err *err)
{
	struct stop result = { .fd = -1 };
	int rc = engine_call(stop, &result, err);

	if (rc == 0 && result.path[0])
		rc = disk_write(result.path, buf_view(&result.profile), err);
	else if (rc == 0)
		rc = kind_output_bytes(result.fd, buf_view(&result.profile), err);
	buf_fini(&result.profile);
	return rc;
}
