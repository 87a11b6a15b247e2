/* cpu_window: one CPU profile in the making. */
#include "inproc/cpu_window.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "inproc/kind.h"
#include "inproc/sig_cpu.h"

#define NS_PER_S UINT64_C(1000000000)

int cpu_window_open(struct cpu_window *window, struct own_space *space, uint64_t period_ns,
	const struct cpu_window_totals *now, struct err *err)
{
	struct profile *profile;
	int rc;

	*window = (struct cpu_window){ .began = *now,
		.period_ns = period_ns,
		.began_ns = clock_monotonic_ns(),
		.accounting = { .known = true,
			.hz = NS_PER_S / period_ns,
			.cpus = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) } };
	rc = own_profile_init(&window->own, space, err);
	if (rc < 0)
		return rc;
	profile = window->own.profile;
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type.type = profile_string(profile, VIEW("cpu"));
	profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
	profile->period = (int64_t)period_ns;
	profile->time_ns = (int64_t)clock_realtime_ns();
	return 0;
}

void cpu_window_take(struct cpu_window *window, const struct sig_sample *sample)
{
	uint64_t weight = sample->values[0];
	int64_t values[2] = { (int64_t)weight, (int64_t)(weight * window->period_ns) };

	if (sample->kind == SIG_CPU_BY_EVENT) {
		window->by_event += weight;
		window->in_kernel += sample->n_kernel ? weight : 0;
	}
	own_profile_add(&window->own, sample, values, weight, &window->accounting);
}

void cpu_window_say_no_kernel(struct cpu_window *window, const char *why)
{
	snprintf(window->no_kernel, sizeof(window->no_kernel), "%s", why);
}

void cpu_window_comment(struct cpu_window *window, struct view line)
{
	profile_comment(window->own.profile, line);
}

/* How much of the CPU time that passed the samples stand for. */
static void say_expected(struct cpu_window *window, const struct cpu_window_totals *now)
{
	const struct accounting *a = &window->accounting;
	uint64_t seen = (a->complete + accounting_truncated(a)) * window->period_ns;
	uint64_t process_ns = now->process_ns - window->began.process_ns;
	uint64_t profiler_ns = now->profiler_ns - window->began.profiler_ns;
	BUF_AUTO line = { 0 };

	buf_add_format(&line, "flyover.cpu seen_ns=%llu expected_ns=%llu threads=%zu refused=%zu",
		(unsigned long long)seen,
		(unsigned long long)(process_ns > profiler_ns ? process_ns - profiler_ns : 0),
		now->threads.armed - (window->began.threads.armed - window->began.threads.living),
		now->threads.refused);
	if (now->threads.displaced)
		buf_add_text(&line, " handler=displaced");
	if (!line.failed)
		cpu_window_comment(window, buf_view(&line));
}

/* Of how many samples it is known whether the thread was in the kernel. */
static void say_kernel(struct cpu_window *window, const struct cpu_window_totals *now)
{
	BUF_AUTO line = { 0 };

	if (!window->own.kernel)
		return;
	if (window->no_kernel[0])
		buf_add_format(&line, "flyover.kernel no kernel frames: %s", window->no_kernel);
	else
		buf_add_format(&line,
			"flyover.kernel known=%llu in_kernel=%llu threads=%zu refused=%zu",
			(unsigned long long)window->by_event, (unsigned long long)window->in_kernel,
			now->threads.with_event, now->threads.without_event);
	if (!line.failed)
		cpu_window_comment(window, buf_view(&line));
}

void cpu_window_end(struct cpu_window *window, const struct cpu_window_totals *now, uint64_t late)
{
	struct accounting *a = &window->accounting;
	uint64_t undelivered =
		now->threads.undelivered > window->began.threads.undelivered
			? now->threads.undelivered - window->began.threads.undelivered
			: 0;

	a->lost[LOST_RING_FULL] = now->ring_full - window->began.ring_full + late;
	a->lost[LOST_THROTTLED] = undelivered;
	a->attempted = a->complete + accounting_truncated(a) + accounting_lost(a);
	window->own.profile->duration_ns = (int64_t)(clock_monotonic_ns() - window->began_ns);
	say_expected(window, now);
	say_kernel(window, now);
}

int cpu_window_name(struct cpu_window *window, struct err *err)
{
	window->own.profile->accounting = window->accounting;
	return own_profile_name(&window->own, err);
}

int cpu_window_write(struct cpu_window *window, struct buf *out, struct err *err)
{
	int rc = cpu_window_name(window, err);

	return rc < 0 ? rc : kind_zip(window->own.profile, out, err);
}

void cpu_window_close(struct cpu_window *window)
{
	own_profile_fini(&window->own);
}
