/* process: what is known of each process: its name and its executable mappings. */
#include "sampler/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "proc/maps.h"
#include "proc/procfs.h"

static void drop_mappings(struct process *process)
{
	for (size_t i = 0; i < process->n_mappings; i++)
		free(process->mappings[i].path);
	process->n_mappings = 0;
	process->run_stale = true;
}

static void process_free(struct process_table *table, struct process *process)
{
	if (table->on_free)
		table->on_free(table->owner, process);
	drop_mappings(process);
	free(process->mappings);
	free(process);
}

void process_table_fini(struct process_table *table)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&table->by_pid, &at));)
		process_free(table, (struct process *)(uintptr_t)slot->value);
	map_fini(&table->by_pid);
}

struct process *process_find(const struct process_table *table, pid_t pid)
{
	uint64_t *slot = map_find(&table->by_pid, (uint64_t)pid);

	return slot ? (struct process *)(uintptr_t)*slot : NULL;
}

struct process *process_add(struct process_table *table, pid_t pid)
{
	struct process *process = process_find(table, pid);
	uint64_t *slot;

	if (process)
		return process;
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	slot = map_add(&table->by_pid, (uint64_t)pid, NULL);
	if (!slot) {
		free(process);
		return NULL;
	}
	process->pid = pid;
	*slot = (uintptr_t)process;
	return process;
}

void process_remove(struct process_table *table, struct process *process)
{
	map_remove(&table->by_pid, (uint64_t)process->pid);
	process_free(table, process);
}

void process_forget(struct process *process)
{
	process->maps_known = false;
}

/* The index of the first mapping that ends after the address. */
static size_t first_after(const struct process *process, uint64_t address)
{
	size_t low = 0, high = process->n_mappings;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (process->mappings[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct process_mapping *process_at(const struct process *process, uint64_t address)
{
	size_t i = first_after(process, address);

	if (i == process->n_mappings || process->mappings[i].start > address)
		return NULL;
	return &process->mappings[i];
}

static struct process_mapping *insert(struct process *process, size_t at)
{
	if (!VEC_FITS(process->mappings, process->cap_mappings, process->n_mappings + 1))
		return NULL;
	memmove(&process->mappings[at + 1], &process->mappings[at],
		(process->n_mappings - at) * sizeof(*process->mappings));
	process->n_mappings++;
	return &process->mappings[at];
}

static void erase(struct process *process, size_t at)
{
	free(process->mappings[at].path);
	process->n_mappings--;
	memmove(&process->mappings[at], &process->mappings[at + 1],
		(process->n_mappings - at) * sizeof(*process->mappings));
}

static void cut_front(struct process_mapping *m, uint64_t new_start)
{
	m->offset += new_start - m->start;
	m->start = new_start;
}

/* Makes room from start to end: mappings there are shortened, split or removed. */
static int punch(struct process *process, uint64_t start, uint64_t end)
{
	size_t i = first_after(process, start);

	while (i < process->n_mappings && process->mappings[i].start < end) {
		struct process_mapping *m = &process->mappings[i];

		if (m->start < start && m->end > end) {
			struct process_mapping tail = *m;

			tail.path = m->path ? strdup(m->path) : NULL;
			if ((m->path && !tail.path) || !insert(process, i + 1)) {
				free(tail.path);
				return ERR_NOMEM;
			}
			cut_front(&tail, end);
			process->mappings[i].end = start;
			process->mappings[i + 1] = tail;
			return 0;
		}
		if (m->start >= start && m->end <= end) {
			erase(process, i);
			continue;
		}
		if (m->start < start)
			m->end = start;
		else
			cut_front(m, end);
		i++;
	}
	return 0;
}

/* Joins generated code to its neighbours: JITs map it in small pieces. */
static bool join_jit(struct process *process, uint64_t start, uint64_t end)
{
	size_t i = first_after(process, start);
	struct process_mapping *before = i > 0 ? &process->mappings[i - 1] : NULL;
	struct process_mapping *after = i < process->n_mappings ? &process->mappings[i] : NULL;

	if (before && (before->kind != PROCESS_JIT || before->end != start))
		before = NULL;
	if (after && (after->kind != PROCESS_JIT || after->start != end))
		after = NULL;
	if (before && after) {
		before->end = after->end;
		erase(process, i);
	} else if (before) {
		before->end = end;
	} else if (after) {
		after->start = start;
	}
	return before || after;
}

int process_map(struct process_table *table, struct process *process,
	const struct process_mapping *mapping, struct view path)
{
	const struct process_mapping *old = process_at(process, mapping->start);
	struct process_mapping *m;
	char *copy = NULL;
	int rc;

	/* Said again, as when pages of generated code are made writable and executable in turn. */
	if (old && old->kind == PROCESS_JIT && mapping->kind == PROCESS_JIT &&
		mapping->end <= old->end)
		return 0;
	if (process->n_mappings >= PROCESS_MAPPINGS_MAX) {
		table->mappings_ignored++;
		return 0;
	}
	process->run_stale = true;
	rc = punch(process, mapping->start, mapping->end);
	if (rc < 0)
		return rc;
	if (mapping->kind == PROCESS_JIT && join_jit(process, mapping->start, mapping->end))
		return 0;
	if (mapping->kind != PROCESS_JIT) {
		copy = strndup(path.at ? path.at : "", path.len);
		if (!copy)
			return ERR_NOMEM;
	}
	m = insert(process, first_after(process, mapping->start));
	if (!m) {
		free(copy);
		return ERR_NOMEM;
	}
	*m = *mapping;
	m->path = copy;
	return 0;
}

/* False for what is no code of a program. */
static bool classify(struct view path, uint64_t inode, enum process_mapping_kind *ret)
{
	if (view_equal(path, VIEW("[vsyscall]")) || view_equal(path, VIEW("[uprobes]")))
		return false;
	if (view_equal(path, VIEW("[vdso]")))
		*ret = PROCESS_VDSO;
	else if (inode == 0 || path.len == 0 || path.at[0] != '/' ||
		 view_starts(path, VIEW("//")) || view_starts(path, VIEW("/dev/zero")) ||
		 view_starts(path, VIEW("/SYSV")))
		*ret = PROCESS_JIT;
	else
		*ret = PROCESS_FILE;
	return true;
}

int process_read(struct process_table *table, struct process *process, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct maps_line line;
	struct view rest;
	int rc = 0;

	if (process->maps_known)
		return 0;
	process->read_ns = clock_monotonic_ns();
	rc = procfs_read_maps(process->pid, &text, err);
	/* Of a process that has gone, what we knew is the best there is. */
	if (rc < 0 && process->n_mappings) {
		process->maps_known = true;
		return 0;
	}
	if (rc < 0)
		return rc;
	drop_mappings(process);
	for (rest = buf_view(&text); rc == 0 && maps_next(&rest, &line);) {
		struct process_mapping m = { .start = line.start,
			.end = line.end,
			.offset = line.offset,
			.device = line.device,
			.inode = line.inode };

		if (line.executable && classify(line.path, line.inode, &m.kind))
			rc = process_map(table, process, &m, line.path);
	}
	if (rc < 0)
		return err_set(err, rc, "out of memory");
	process->maps_known = process->n_mappings > 0;
	if (!process->name[0]) {
		char name[PROCFS_NAME_MAX];

		if (procfs_name(process->pid, name, NULL) == 0)
			snprintf(process->name, sizeof(process->name), "%.*s", PROCESS_NAME_MAX - 1,
				name);
	}
	return 0;
}

/* The name of a program is known to 15 letters from exec, and whole from its first mapping. */
static void complete_name(struct process *process, struct view path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
	struct view file = slash ? view_between(slash + 1, view_end(path)) : path;
	struct view name = view_of(process->name);

	if (name.len == 15 && view_starts(file, name))
		snprintf(process->name, sizeof(process->name), "%.*s",
			(int)(file.len < PROCESS_NAME_MAX ? file.len : PROCESS_NAME_MAX - 1),
			file.at);
}

static int apply_map(
	struct process_table *table, struct process *process, const struct follow_event *event)
{
	struct process_mapping m = { .start = event->start,
		.end = event->end,
		.offset = event->offset,
		.device = event->device,
		.inode = event->inode,
		.generation = event->generation };
	struct view path = { event->data, event->len };

	if (!process->maps_known || event->time_ns < process->read_ns)
		return 0;
	if (!classify(path, event->inode, &m.kind))
		return 0;
	complete_name(process, path);
	return process_map(table, process, &m, path);
}

static int apply_exec(
	struct process_table *table, struct process *process, const struct follow_event *event)
{
	if (table->on_exec)
		table->on_exec(table->owner, process);
	drop_mappings(process);
	process->maps_known = process->from_birth = true;
	process->read_ns = 0;
	snprintf(process->name, sizeof(process->name), "%.*s",
		(int)(event->len < PROCESS_NAME_MAX ? event->len : PROCESS_NAME_MAX - 1),
		event->data);
	return 0;
}

static int copy_mappings(struct process *child, const struct process *parent)
{
	if (!VEC_FITS(child->mappings, child->cap_mappings, parent->n_mappings))
		return ERR_NOMEM;
	for (size_t i = 0; i < parent->n_mappings; i++) {
		struct process_mapping *m = &child->mappings[i];

		*m = parent->mappings[i];
		if (m->path && !(m->path = strdup(m->path)))
			return ERR_NOMEM;
		child->n_mappings++;
	}
	return 0;
}

/* A child has its parent's mappings, in the kernel's table too. */
static int apply_fork(
	struct process_table *table, const struct follow_event *event, bool follows_all)
{
	struct process *parent = process_find(table, (pid_t)event->parent);
	struct process *child = process_find(table, (pid_t)event->pid);

	if (child)
		process_remove(table, child); /* the number was another's before */
	if (!parent && follows_all)
		parent = process_add(table, (pid_t)event->parent);
	if (!parent)
		return follows_all ? ERR_NOMEM : 0;
	process_read(table, parent, NULL);
	child = process_add(table, (pid_t)event->pid);
	if (!child)
		return ERR_NOMEM;
	memcpy(child->name, parent->name, sizeof(child->name));
	child->maps_known = child->from_birth = parent->maps_known;
	if (copy_mappings(child, parent) < 0)
		return ERR_NOMEM;
	if (table->on_birth)
		table->on_birth(table->owner, child);
	return 0;
}

int process_apply(struct process_table *table, const struct follow_event *event, bool follows_all)
{
	struct process *process = process_find(table, (pid_t)event->pid);

	if (event->kind == FOLLOW_FORK)
		return apply_fork(table, event, follows_all);
	if (!process && event->kind == FOLLOW_EXEC && follows_all)
		process = process_add(table, (pid_t)event->pid);
	if (!process)
		return 0;
	if (event->kind == FOLLOW_MAP)
		return apply_map(table, process, event);
	if (event->kind == FOLLOW_EXEC)
		return apply_exec(table, process, event);
	if (event->kind == FOLLOW_EXIT) {
		process->ended = true;
		process->ended_ns = event->time_ns;
	}
	return 0;
}
