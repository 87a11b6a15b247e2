/* harvest: a record becomes a sample. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "proc/procfs.h"
#include "sampler/sampler_impl.h"
#include "symbol/perfmap.h"
#include "unwind/stackwalk.h"

#define TABLES_IN_A_WALK_MAX 64 /* that one walk may wait for */
#define TABLE_WAIT_MS 2000
#define SIPHON_MS 20
#define UNUSED_NS UINT64_C(600000000000)
#define RECENT_NS UINT64_C(10000000000)
#define LOOK_NS UINT64_C(1000000000)

bool harvest_parse(struct view bytes, struct harvest *ret)
{
	const struct sample_record *r = (const void *)bytes.at;
	size_t frames;

	if (bytes.len < sizeof(*r))
		return false;
	frames = ((size_t)r->n_kernel + r->n_user) * sizeof(uint64_t);
	if (bytes.len < sizeof(*r) + frames + r->slice_bytes + r->context_bytes)
		return false;
	*ret = (struct harvest){ .record = r,
		.kernel = (const uint64_t *)(r + 1),
		.user = (const uint64_t *)(r + 1) + r->n_kernel,
		.slice = bytes.at + sizeof(*r) + frames,
		.context = { bytes.at + sizeof(*r) + frames + r->slice_bytes, r->context_bytes } };
	return true;
}

/* The process as the walker sees it, in s->image. False without memory. */
static bool make_image(struct sampler *s, struct process *process)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (!VEC_FITS(s->image, s->cap_image, process->n_mappings))
		return false;
	for (size_t i = 0; i < process->n_mappings; i++) {
		struct process_mapping *m = &process->mappings[i];

		if (!m->module && m->kind != PROCESS_JIT)
			m->module = module_find(&s->modules, process->pid, m);
		if (m->module)
			module_revive(module_of(m->module), now_ns);
		module_describe(m->module, m, &s->image[i]);
	}
	return true;
}

void harvest_show(struct sampler *s, struct process *process)
{
	struct unwind_process shown = { .generation = process->exec_id };
	size_t tables = s->modules.built + s->modules.evicted;
	struct run *run;

	if (s->backend != SAMPLER_BPF || process->ended)
		return;
	if (process->run && !process->run_stale && process->shown_tables == tables)
		return;
	if (!make_image(s, process))
		return;
	run = runs_add(&s->runs, (uint32_t)process->n_mappings);
	if (!run)
		return; /* its samples come with slices, then */
	memcpy(s->bpf.mappings + run->first, s->image, run->n * sizeof(*s->image));
	shown.first_mapping = run->first;
	shown.n_mappings = run->n;
	if (bpf_side_show(&s->bpf, process->pid, &shown) < 0) {
		runs_unref(&s->runs, run, s->drains);
		return;
	}
	runs_unref(&s->runs, process->run, s->drains);
	process->run = run;
	process->run_stale = false;
	process->shown_tables = tables;
}

void harvest_siphon(struct sampler *s)
{
	if (s->backend == SAMPLER_BPF)
		backlog_fill(&s->backlog, &s->bpf.ring);
	follow_drain(&s->follow, NULL);
}

static bool is_memfd(const struct process_mapping *m)
{
	return m->path && strncmp(m->path, "/memfd:", 7) == 0;
}

/* Gets the table that a walk stopped for. False if that takes too long or cannot be. */
static bool fetch_table(struct sampler *s, struct process *process, uint64_t address)
{
	struct process_mapping *m = process_at(process, address);
	struct module *module;

	if (!m || !m->module)
		return false;
	module = module_of(m->module);
	if (module->state == MODULE_BUILDING && module->too_slow)
		return false;
	module_request(&s->modules, module, process->pid, m, clock_monotonic_ns());
	for (int waited = 0; waited < TABLE_WAIT_MS; waited += SIPHON_MS) {
		if (module_wait(&s->modules, module, SIPHON_MS)) {
			/* A file in memory that is no program: a JIT that maps its code twice. */
			if (module->state == MODULE_FAILED && is_memfd(m))
				m->kind = PROCESS_JIT;
			return true;
		}
		harvest_siphon(s);
	}
	module->too_slow = true;
	return false;
}

/* Walks on from where the kernel stopped; adds to s->frames. */
static enum unwind_result finish_walk(
	struct sampler *s, struct process *process, const struct harvest *h, size_t *n)
{
	const struct sample_record *r = h->record;
	struct unwind_walk walk = {
		.pc = r->pc, .sp = r->sp, .fp = r->fp, .exact = r->exact, .rbx = r->rbx
	};
	struct stackwalk_slice slice = { h->slice, r->slice_at, r->slice_bytes };
	struct stackwalk_frames frames = { s->frames, SAMPLE_USER_FRAMES_MAX, *n };
	enum unwind_result result = UNWIND_PENDING;

	memcpy(walk.regs, r->regs, sizeof(walk.regs));
	s->finished++;
	for (int i = 0; i < TABLES_IN_A_WALK_MAX; i++) {
		struct stackwalk_tables tables = { .pages = s->memory.pages,
			.rules = s->memory.rules,
			.shards = (const struct unwind_row *const *)s->shards,
			.n_pages = UNWIND_PAGES_MAX,
			.n_rules = UNWIND_RULES_MAX,
			.n_shards = UNWIND_SHARDS_MAX };

		if (!make_image(s, process))
			return UNWIND_BAD_FRAME;
		tables.mappings = s->image;
		tables.n_mappings = (uint32_t)process->n_mappings;
		result = stackwalk_run(&walk, &tables, &slice, &frames);
		*n = frames.count;
		if (result != UNWIND_PENDING || !fetch_table(s, process, s->frames[*n - 1]))
			break;
		frames.count--; /* the walk adds this frame again */
	}
	return result;
}

/* The process of a sample, with its mappings known; NULL if it went before we could look. */
static struct process *process_of(struct sampler *s, const struct sample_record *r)
{
	struct process *process = process_find(&s->processes, (pid_t)r->pid);

	if (!process)
		process = process_add(&s->processes, (pid_t)r->pid);
	if (!process)
		return NULL;
	if (process->exec_id != r->exec_id) {
		process->exec_id = r->exec_id;
		process->run_stale = true;
	}
	if (!process->maps_known && process_read(&s->processes, process, NULL) < 0)
		return NULL;
	return process->maps_known ? process : NULL;
}

/* Begins to keep the names of generated code while the process is there to give them. */
static void watch_generated_code(struct process *process)
{
	bool generated = false;

	if (process->perfmap || process->jit_refused)
		return;
	for (size_t i = 0; i < process->n_mappings; i++)
		generated |= process->mappings[i].kind == PROCESS_JIT;
	if (!generated)
		return;
	if (perfmap_open(process->pid, &process->perfmap, NULL) < 0) {
		process->perfmap = NULL;
		process->jit_refused = true;
		return;
	}
	for (size_t i = 0; i < process->n_mappings; i++)
		if (process->mappings[i].path)
			perfmap_note_jitdump(process->perfmap, process->mappings[i].path);
}

/* An enum truncated_reason, or -1 for a complete stack. */
static int truncated_by(unsigned end)
{
	switch (end) {
	case UNWIND_COMPLETE:
	case SAMPLE_NO_USER:
		return -1;
	case UNWIND_DEPTH:
	case UNWIND_NO_TABLE:
	case UNWIND_BAD_FRAME:
	case UNWIND_MEMORY:
	case UNWIND_SLICE:
	case UNWIND_JIT:
		return (int)end - UNWIND_DEPTH + TRUNCATED_DEPTH;
	case UNWIND_PENDING:
	case SAMPLE_32_BIT:
		return TRUNCATED_NO_TABLE;
	default:
		return TRUNCATED_BAD_FRAME;
	}
}

static bool has_slice(unsigned end)
{
	return end == SAMPLE_NO_PROCESS || end == UNWIND_PENDING || end == UNWIND_UNMAPPED;
}

static struct view name_view(const char *name, size_t max)
{
	return (struct view){ name, strnlen(name, max) };
}

void harvest_add(struct sampler *s, const struct harvest *h)
{
	const struct sample_record *r = h->record;
	struct window_sample sample = { .pid = r->pid,
		.tid = r->tid,
		.process_name = name_view(r->process, SAMPLE_COMM_MAX),
		.thread_name = name_view(r->comm, SAMPLE_COMM_MAX),
		.kernel = h->kernel,
		.n_kernel = r->n_kernel,
		.user = h->user,
		.n_user = r->n_user };
	struct thread_record says;
	unsigned end = r->end;

	if (end != SAMPLE_NO_USER)
		sample.process = process_of(s, r);
	else
		sample.process = process_find(&s->processes, (pid_t)r->pid);
	if (has_slice(end) && !sample.process) {
		s->window.accounting.attempted++;
		s->window.accounting.lost[procfs_alive((pid_t)r->pid) ? LOST_NOT_PERMITTED
								      : LOST_PROCESS_GONE]++;
		return;
	}
	if (sample.process) {
		watch_generated_code(sample.process);
		correlate_look(s, sample.process, r->time_ns);
	}
	if (sample.process && h->context.len &&
		correlate_read(s, sample.process, h->context, r->time_ns, &says))
		sample.says = &says;
	if (has_slice(end)) {
		memcpy(s->frames, h->user, r->n_user * sizeof(uint64_t));
		sample.n_user = r->n_user;
		end = finish_walk(s, sample.process, h, &sample.n_user);
		sample.user = s->frames;
		harvest_show(s, sample.process);
	}
	if (sample.process && sample.process->name[0])
		sample.process_name = view_of(sample.process->name);
	/* In the middle of exec a stack may be half gone: then there is none. */
	if (r->in_exec && end != UNWIND_COMPLETE) {
		end = SAMPLE_NO_USER;
		sample.n_user = 0;
	}
	sample.truncated = truncated_by(end);
	window_add(&s->window, &sample, r->time_ns);
}

/* Takes a table away from the kernel's sight, then out. */
static void evict(struct sampler *s, struct module *module)
{
	struct map_slot *slot;

	module_evict(&s->modules, module);
	for (size_t at = 0; (slot = map_next(&s->processes.by_pid, &at));) {
		struct process *process = (struct process *)(uintptr_t)slot->value;

		for (size_t i = 0; process->run && i < process->n_mappings; i++)
			if (process->mappings[i].module &&
				module_of(process->mappings[i].module) == module) {
				harvest_show(s, process);
				break;
			}
	}
	s->settle_at = s->drains + RUNS_GRACE;
}

/* The one that was not used for longest, or NULL; *ret_rows: of all tables that are held. */
static struct module *oldest(const struct sampler *s, size_t *ret_rows)
{
	struct module *found = NULL;

	*ret_rows = 0;
	for (size_t i = 0; i < s->modules.n_modules; i++) {
		struct module *m = s->modules.modules[i];

		if (m->state != MODULE_TABLE || m->same || !m->place.n_pages)
			continue;
		*ret_rows += m->place.n_rows;
		if (!found || m->used_ns < found->used_ns)
			found = m;
	}
	return found;
}

void harvest_evict(struct sampler *s, uint64_t now_ns)
{
	size_t rows_max = s->table_bytes_max / sizeof(struct unwind_row) / 4 * 3, rows;
	struct module *module;

	if (s->settle_at && s->drains > s->settle_at) {
		unwind_space_settle(s->space);
		s->settle_at = 0;
	}
	if (now_ns - s->looked_ns < LOOK_NS && s->modules.built == s->looked_built)
		return;
	s->looked_ns = now_ns;
	s->looked_built = s->modules.built;
	while ((module = oldest(s, &rows))) {
		uint64_t unused_ns = now_ns > module->used_ns ? now_ns - module->used_ns : 0;

		/* What is in use stays: throwing it out would only build it again. */
		if (unused_ns < (rows > rows_max ? RECENT_NS : UNUSED_NS))
			break;
		evict(s, module);
	}
}
