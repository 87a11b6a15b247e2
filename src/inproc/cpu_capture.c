/* cpu_capture: the one CPU profile of this process that somebody has asked for. */
#include "inproc/cpu_capture.h"

#include "inproc/cpu_source.h"

static struct {
	bool running;
	struct cpu_window window;
} capture;

bool cpu_capture_running(void)
{
	return capture.running;
}

int cpu_capture_start(const struct cpu_capture_options *options, struct err *err)
{
	struct cpu_source_options wanted = { options->hz, options->signal_number, options->kernel };
	int rc;

	if (capture.running)
		return err_set(err, ERR_LIMIT,
			"a CPU profile is being taken already; there is one at a time");
	rc = cpu_source_join(&capture.window, &wanted, err);
	capture.running = rc == 0;
	return rc;
}

int cpu_capture_stop(struct buf *out, struct err *err)
{
	int rc;

	if (!capture.running)
		return err_set(err, ERR_USAGE, "no CPU profile is being taken");
	cpu_source_leave(&capture.window);
	rc = cpu_window_write(&capture.window, out, err);
	cpu_window_close(&capture.window);
	capture.running = false;
	return rc;
}

void cpu_capture_cancel(void)
{
	if (!capture.running)
		return;
	cpu_source_leave(&capture.window);
	cpu_window_close(&capture.window);
	capture.running = false;
}

/* What lay in memory stays there: it may have been half changed. */
void cpu_capture_after_fork(void)
{
	capture.running = false;
	capture.window = (struct cpu_window){ 0 };
}

static int start_kind(const struct kind_options *options, struct err *err)
{
	struct cpu_capture_options wanted = { .hz = options->hz, .kernel = options->kernel };

	return cpu_capture_start(&wanted, err);
}

const struct kind cpu_capture_kind = { .name = "profile",
	.about = "where CPU time goes; <code>?seconds=30&amp;hz=100</code>, with the kernel's "
		 "frames <code>&amp;kernel=1</code>",
	.start = start_kind,
	.stop = cpu_capture_stop,
	.cancel = cpu_capture_cancel,
	.running = cpu_capture_running,
	.busy = "Could not enable CPU profiling: cpu profiling already in use" };
