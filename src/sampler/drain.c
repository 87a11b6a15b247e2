/* drain: everything that has come, in the order in which it happened. */
#include "sampler/drain.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/vec.h"
#include "proc/procfs.h"
#include "sampler/sampler_impl.h"

#define SETTLE_NS UINT64_C(2000000) /* a record is on its way at most so long */

/* A process's mappings go: what the kernel sees of them must not be shown any more. */
static void on_exec(void *owner, struct process *process)
{
	struct sampler *s = owner;

	if (s->backend == SAMPLER_BPF)
		bpf_side_hide(&s->bpf, process->pid, false);
	correlate_forget(process);
	runs_unref(&s->runs, process->run, s->drains);
	process->run = NULL;
	if (process->perfmap) {
		struct perfmap **slot = VEC_ADD(s->perfmaps, s->n_perfmaps, s->cap_perfmaps);

		/* Without memory it leaks rather than vanish under a window that uses it. */
		if (slot)
			*slot = process->perfmap;
		process->perfmap = NULL;
	}
}

static void on_free(void *owner, struct process *process)
{
	struct sampler *s = owner;

	runs_unref(&s->runs, process->run, s->drains);
	process->run = NULL;
	on_exec(owner, process);
}

/* The kernel has given the child what it showed of the parent then; that may be an older run. */
static void on_birth(void *owner, struct process *child)
{
	struct sampler *s = owner;
	struct unwind_process shown;

	child->run_stale = true;
	if (s->backend != SAMPLER_BPF || !bpf_side_shown(&s->bpf, child->pid, &shown))
		return;
	child->run = runs_find(&s->runs, shown.first_mapping);
	child->exec_id = shown.generation;
}

void drain_init(struct sampler *s)
{
	s->processes = (struct process_table){
		.on_free = on_free, .on_exec = on_exec, .on_birth = on_birth, .owner = s
	};
}

/* The kernel could not tell us everything: what /proc knows of the living is newer. */
static void forget_mappings(struct sampler *s)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&s->processes.by_pid, &at));)
		process_forget((struct process *)(uintptr_t)slot->value);
}

static void note_ended(struct sampler *s, pid_t pid)
{
	pid_t *slot = VEC_ADD(s->ended, s->n_ended, s->cap_ended);

	if (slot)
		*slot = pid;
}

static void harvest_event(struct sampler *s, const struct follow_event *event)
{
	if (event->kind == FOLLOW_SAMPLE) {
		struct sample_record record;
		struct harvest h = { .record = &record, .user = s->frames };

		if (perf_side_decode(&s->perf, event, &record, &h.kernel, &h.slice))
			harvest_add(s, &h);
		return;
	}
	if (event->kind == FOLLOW_LOST) {
		forget_mappings(s);
		return;
	}
	if (event->kind == FOLLOW_EXIT && process_find(&s->processes, (pid_t)event->pid))
		note_ended(s, (pid_t)event->pid);
	process_apply(&s->processes, event, s->whole_host);
}

static void apply_events(struct sampler *s, uint64_t until_ns)
{
	struct follow_event *event;

	while ((event = follow_next(&s->follow, until_ns))) {
		harvest_event(s, event);
		free(event);
	}
}

/* Forgets processes of which nothing is left; the first thread may end before the others. */
static void reap(struct sampler *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_ended; i++) {
		struct process *process = process_find(&s->processes, s->ended[i]);

		if (!process || !process->ended)
			continue;
		if (procfs_alive(process->pid)) {
			s->ended[kept++] = s->ended[i];
			continue;
		}
		if (s->backend == SAMPLER_BPF)
			bpf_side_hide(&s->bpf, process->pid, true);
		process_remove(&s->processes, process);
	}
	s->n_ended = kept;
}

int drain_all(struct sampler *s, struct err *err)
{
	struct view bytes;
	struct harvest h;
	uint64_t now_ns;

	s->drains++;
	s->looks_left = CORRELATE_LOOKS_MAX;
	now_ns = clock_monotonic_ns();
	harvest_siphon(s);
	while ((bytes = backlog_next(&s->backlog)).at) {
		if (!harvest_parse(bytes, &h))
			continue;
		apply_events(s, h.record->time_ns);
		harvest_add(s, &h);
	}
	apply_events(s, now_ns - SETTLE_NS);
	module_collect(&s->modules);
	reap(s);
	runs_settle(&s->runs, s->drains);
	harvest_evict(s, now_ns);
	if (s->window.profile->failed)
		return err_set(err, ERR_NOMEM, "out of memory for samples");
	return 0;
}
