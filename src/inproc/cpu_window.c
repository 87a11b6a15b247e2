/* cpu_window: one CPU profile in the making. */
#include "inproc/cpu_window.h"

#include <unistd.h>

#include "base/clock.h"
#include "codec/pprof_format.h"
#include "inproc/sig_cpu.h"
#include "wire/gzip.h"

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

static int truncated_by(unsigned result)
{
	if (result < UNWIND_DEPTH || result > UNWIND_JIT)
		return result == UNWIND_COMPLETE ? -1 : TRUNCATED_BAD_FRAME;
	return (int)result - (int)UNWIND_DEPTH + (int)TRUNCATED_DEPTH;
}

void cpu_window_take(struct cpu_window *window, const struct sig_cpu_sample *sample)
{
	struct own_profile_context context = { 0 };
	int64_t values[2] = { sample->weight, sample->weight * (int64_t)window->period_ns };
	int truncated = truncated_by(sample->result);
	uint32_t stack, labels;

	if (sample->has_context)
		context = (struct own_profile_context){ .trace_id = sample->trace_id,
			.span_id = sample->span_id,
			.attrs = (const uint8_t *)&sample->data[sample->n_frames],
			.attrs_size = sample->attrs_size };
	stack = own_profile_stack(
		&window->own, sample->generation, sample->data, sample->n_frames, truncated);
	labels = own_profile_labels(&window->own, &context);
	if (stack == PROFILE_NONE || labels == PROFILE_NONE) {
		window->accounting.lost[LOST_NO_MEMORY] += sample->weight;
		return;
	}
	profile_add(window->own.profile, stack, labels, values);
	if (truncated < 0)
		window->accounting.complete += sample->weight;
	else
		window->accounting.truncated[truncated] += sample->weight;
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
}

/* Not through the table of codecs, which would bring every format along. */
int cpu_window_write(struct cpu_window *window, struct buf *out, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc;

	window->own.profile->accounting = window->accounting;
	rc = own_profile_name(&window->own, err);
	if (rc == 0)
		rc = pprof_encode(window->own.profile, &message, err);
	return rc < 0 ? rc : gzip_deflate(buf_view(&message), GZIP_FAST, out, err);
}

void cpu_window_close(struct cpu_window *window)
{
	own_profile_fini(&window->own);
}
