/* sampler: from a running machine to a profile. */
#include "sampler/sampler.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "object/object.h"
#include "proc/procfs.h"
#include "sampler/drain.h"
#include "sampler/preflight.h"
#include "sampler/sampler_impl.h"
#include "symbol/perfmap.h"
#include "symbol/symcache.h"

#define READ_HOST_NS UINT64_C(50000000)
#define FOLLOW_RING_BYTES ((size_t)256 << 10)

static int copy_options(struct sampler *s, const struct sampler_options *o, struct err *err)
{
	s->hz = o->hz ? o->hz : SAMPLER_HZ_DEFAULT;
	if (s->hz > SAMPLER_HZ_MAX)
		return err_set(err, ERR_USAGE, "%u samples a second; the limit is %u", s->hz,
			SAMPLER_HZ_MAX);
	if (!o->whole_host && o->n_pids == 0)
		return err_set(err, ERR_USAGE, "no process to sample");
	s->whole_host = o->whole_host;
	s->no_kernel = o->no_kernel;
	if (!o->cache_dir || o->cache_dir[0])
		if (symcache_open(o->cache_dir, 0, &s->cache, NULL) < 0)
			s->cache = NULL;
	s->period_ns = 1000000000u / s->hz;
	s->table_bytes_max = o->table_bytes_max ? o->table_bytes_max : SAMPLER_TABLE_BYTES_DEFAULT;
	s->pids = calloc(o->n_pids + 1, sizeof(*s->pids));
	s->labels = calloc(o->n_labels + 1, sizeof(*s->labels));
	if (!s->pids || !s->labels)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < o->n_pids; i++)
		s->pids[s->n_pids++] = o->pids[i];
	for (size_t i = 0; i < o->n_labels; i++) {
		struct sampler_label *label = &s->labels[s->n_labels++];

		label->key = strdup(o->labels[i].key);
		label->value = strdup(o->labels[i].value);
		if (!label->key || !label->value)
			return err_set(err, ERR_NOMEM, "out of memory");
	}
	return 0;
}

static int open_bpf(struct sampler *s, struct err *err)
{
	struct bpf_side_options options = { .cpus = s->cpus,
		.n_cpus = s->n_cpus,
		.period_ns = s->period_ns,
		.whole_host = s->whole_host,
		.no_kernel = s->no_kernel,
		.cache = s->cache };
	int rc = bpf_side_open(&s->bpf, &options, err);

	if (rc < 0)
		return rc;
	s->memory = bpf_side_memory(&s->bpf);
	s->shards = s->bpf.shards;
	if (runs_init(&s->runs, s->bpf.n_mappings) < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < s->n_pids && rc == 0; i++)
		rc = bpf_side_target(&s->bpf, s->pids[i], err);
	return rc;
}

static int open_perf(struct sampler *s, struct err *err)
{
	struct perf_side_options options = { .cpus = s->cpus,
		.n_cpus = s->n_cpus,
		.pids = s->pids,
		.n_pids = s->n_pids,
		.period_ns = s->period_ns,
		.no_kernel = s->no_kernel };
	int rc = plain_space_open(&s->plain, err);

	if (rc < 0)
		return rc;
	s->memory = plain_space_memory(&s->plain);
	s->shards = s->plain.shards;
	return perf_side_open(&s->perf, &s->follow, &options, err);
}

/* BPF if it may be had, else perf. Why BPF could not be had is the sentence if perf cannot either.
 */
static int open_backend(struct sampler *s, enum sampler_backend wanted, struct err *err)
{
	struct err why = { 0 };
	int rc = ERR_UNSUPPORTED;

	if (wanted != SAMPLER_PERF) {
		rc = preflight_bpf(&why);
		s->backend = SAMPLER_BPF;
		if (rc == 0)
			rc = open_bpf(s, &why);
		if (rc == 0)
			return follow_open_host(
				&s->follow, s->cpus, s->n_cpus, FOLLOW_RING_BYTES, err);
		if (wanted == SAMPLER_BPF || rc == ERR_NOT_FOUND || rc == ERR_NOMEM)
			return err_set(err, rc, "%s", why.text);
		bpf_side_close(&s->bpf);
		runs_fini(&s->runs);
	}
	s->backend = SAMPLER_PERF;
	return open_perf(s, err);
}

static void limit_tables(struct sampler *s)
{
	size_t shards = s->table_bytes_max / (UNWIND_SHARD_ROWS * sizeof(struct unwind_row));

	if (shards < s->memory.n_shards_max)
		s->memory.n_shards_max = shards ? (uint32_t)shards : 1;
}

static void dress_window(const struct sampler *s, struct window *window)
{
	window->labels = s->labels;
	window->n_labels = s->n_labels;
	window->lead_pid = !s->whole_host && s->n_pids == 1 ? s->pids[0] : 0;
}

int sampler_new(const struct sampler_options *options, struct sampler **ret, struct err *err)
{
	struct sampler *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return err_set(err, ERR_NOMEM, "out of memory");
	s->modules.wake_fd = -1;
	drain_init(s);
	rc = copy_options(s, options, err);
	for (size_t i = 0; i < s->n_pids && rc == 0; i++) {
		uint64_t start;

		rc = procfs_start_time(s->pids[i], &start, err);
	}
	if (rc == 0)
		rc = procfs_online_cpus(&s->cpus, &s->n_cpus, err);
	if (rc == 0)
		rc = open_backend(s, options->backend, err);
	limit_tables(s);
	if (rc == 0)
		rc = unwind_space_new(&s->memory, &s->space, err);
	if (rc == 0)
		rc = module_table_init(&s->modules, s->space, err);
	if (rc == 0)
		rc = window_init(&s->window, (int64_t)s->period_ns, err);
	dress_window(s, &s->window);
	if (rc < 0) {
		sampler_free(s);
		return rc;
	}
	*ret = s;
	return 0;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	process_table_fini(&s->processes);
	correlate_fini(s);
	module_table_fini(&s->modules);
	window_fini(&s->window);
	unwind_space_free(s->space);
	follow_close(&s->follow);
	backlog_fini(&s->backlog);
	perf_side_close(&s->perf);
	bpf_side_close(&s->bpf);
	plain_space_close(&s->plain);
	runs_fini(&s->runs);
	for (size_t i = 0; i < s->n_perfmaps; i++)
		perfmap_free(s->perfmaps[i]);
	for (size_t i = 0; i < s->n_labels; i++) {
		free((char *)s->labels[i].key);
		free((char *)s->labels[i].value);
	}
	symcache_free(s->cache);
	free(s->perfmaps);
	free(s->labels);
	free(s->pids);
	free(s->cpus);
	free(s->ended);
	free(s->image);
	free(s);
}

/* Who runs already and ends before its first sample is understood can then still be named. */
static void read_host(struct sampler *s)
{
	uint64_t until_ns = clock_monotonic_ns() + READ_HOST_NS;
	pid_t *pids;
	size_t n;

	if (procfs_processes(&pids, &n, NULL) < 0)
		return;
	/* The youngest first: the old ones are not likely to end now. */
	while (n-- && clock_monotonic_ns() < until_ns) {
		struct process *process = process_add(&s->processes, pids[n]);

		if (!process)
			break;
		if (process_read(&s->processes, process, NULL) < 0 || !process->maps_known)
			process_remove(
				&s->processes, process); /* it has ended, or is the kernel's */
	}
	free(pids);
}

int sampler_start(struct sampler *s, struct err *err)
{
	struct bpf_side_options options = {
		.cpus = s->cpus, .n_cpus = s->n_cpus, .period_ns = s->period_ns
	};
	int rc = 0;

	/* Events are followed already: what changes while we read comes after. */
	for (size_t i = 0; i < s->n_pids && rc == 0; i++) {
		struct process *process = process_add(&s->processes, s->pids[i]);

		rc = process ? process_read(&s->processes, process, err)
			     : err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc < 0)
		return rc;
	s->window.start_ns = clock_monotonic_ns();
	s->window.profile->time_ns = (int64_t)clock_realtime_ns();
	rc = s->backend == SAMPLER_BPF ? bpf_side_start(&s->bpf, &options, err)
				       : perf_side_start(&s->perf, &s->follow, err);
	if (rc == 0 && s->whole_host)
		read_host(s);
	return rc;
}

int sampler_poll(struct sampler *s, int timeout_ms, int wake_fd, struct err *err)
{
	struct pollfd *fds = calloc(s->follow.n_rings + 3, sizeof(*fds));
	nfds_t n = 0;
	int ready, saved;

	if (!fds)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < s->follow.n_rings; i++)
		fds[n++] = (struct pollfd){ .fd = s->follow.fds[i], .events = POLLIN };
	if (s->backend == SAMPLER_BPF)
		fds[n++] = (struct pollfd){ .fd = bpf_side_ring_fd(&s->bpf), .events = POLLIN };
	if (wake_fd >= 0)
		fds[n++] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
	ready = poll(fds, n, timeout_ms);
	saved = errno;
	free(fds);
	if (ready < 0 && saved == EINTR)
		return err_set(err, ERR_CANCELLED, "stopped by a signal");
	if (ready < 0)
		return err_errno(err, saved, "cannot wait for samples");
	return drain_all(s, err);
}

bool sampler_targets_gone(const struct sampler *s)
{
	struct map_slot *slot;

	if (s->whole_host)
		return false;
	for (size_t at = 0; (slot = map_next(&s->processes.by_pid, &at));) {
		const struct process *process = (const struct process *)(uintptr_t)slot->value;

		if (!process->ended || procfs_alive(process->pid))
			return false;
	}
	return true;
}

/* What the kernel counted since the window began. */
static int count_window(struct sampler *s, struct accounting *a, struct err *err)
{
	struct sample_counters now = { 0 };
	const struct sample_counters *then = &s->counted;
	uint64_t window_ns = clock_monotonic_ns() - s->window.start_ns, expected;
	int rc = 0;

	if (s->backend == SAMPLER_BPF)
		rc = bpf_side_counters(&s->bpf, &now, err);
	if (rc < 0)
		return rc;
	a->known = true;
	a->lost[LOST_RING_FULL] += now.ring_full - then->ring_full;
	a->lost[LOST_THROTTLED] += now.late - then->late;
	a->attempted += now.ring_full - then->ring_full + now.late - then->late;
	a->all_ticks = now.all_ticks - then->all_ticks + now.all_late - then->all_late;
	a->idle_ticks = now.idle_ticks - then->idle_ticks + now.idle_late - then->idle_late;
	/* A CPU that slept until the end has told nothing of it. The first tick of each comes after
	 * a period at the latest. */
	expected = (window_ns / s->period_ns) * s->n_cpus;
	if (s->backend == SAMPLER_BPF && a->all_ticks + s->n_cpus < expected) {
		a->idle_ticks += expected - a->all_ticks;
		a->all_ticks = expected;
	}
	a->cpus = s->n_cpus;
	a->hz = s->hz;
	a->whole_host = s->whole_host;
	s->counted = now;
	return 0;
}

/* Perfmaps of processes that have gone serve the windows that are still out. */
static void drop_old_perfmaps(struct sampler *s)
{
	if (s->n_windows)
		return;
	for (size_t i = 0; i < s->n_perfmaps; i++)
		perfmap_free(s->perfmaps[i]);
	s->n_perfmaps = 0;
}

int sampler_take(struct sampler *s, struct sampler_window *ret, struct err *err)
{
	struct window next;
	struct window *w = &s->window;
	int rc = drain_all(s, err);

	if (rc == 0)
		rc = count_window(s, &w->accounting, err);
	if (rc == 0)
		rc = window_init(&next, (int64_t)s->period_ns, err);
	if (rc < 0)
		return rc;
	dress_window(s, &next);
	window_lead(w);
	w->profile->duration_ns = (int64_t)(next.start_ns - w->start_ns);
	w->profile->accounting = w->accounting;
	*ret = (struct sampler_window){ .profile = w->profile,
		.sources = w->sources,
		.n_sources = w->n_sources,
		.sampler = s,
		.held = w->held,
		.n_held = w->n_held };
	w->profile = NULL;
	w->sources = NULL;
	w->held = NULL;
	w->n_held = 0;
	window_fini(w);
	*w = next;
	s->n_windows++;
	return 0;
}

void sampler_window_fini(struct sampler_window *window)
{
	for (size_t i = 0; i < window->n_held; i++)
		object_unref(window->held[i]);
	free(window->held);
	free(window->sources);
	profile_free(window->profile);
	if (window->sampler) {
		window->sampler->n_windows--;
		drop_old_perfmaps(window->sampler);
	}
	*window = (struct sampler_window){ 0 };
}

void sampler_get_stats(const struct sampler *s, struct sampler_stats *ret)
{
	struct unwind_space_stats space;

	unwind_space_get_stats(s->space, &space);
	*ret = (struct sampler_stats){ .backend = s->backend,
		.modules = s->modules.n_modules,
		.rows = space.rows,
		.rules = space.rules,
		.table_bytes = space.row_bytes + space.pages * sizeof(struct unwind_page) +
			       space.rules * sizeof(struct unwind_rule),
		.tables_built = s->modules.built,
		.tables_evicted = s->modules.evicted,
		.finished_in_user_space = s->finished };
	if (s->backend != SAMPLER_BPF)
		return;
	ret->kernel_bytes = bpf_side_kernel_bytes(&s->bpf);
	ret->verified_insns = bpf_side_verified(&s->bpf);
}
