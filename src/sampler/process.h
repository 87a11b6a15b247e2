/*
 * process: what is known of each process: its name and its executable mappings.
 *
 * Fed by events in the order of time (follow) or, for a process that was there before us, once
 * from /proc. A mapping is file-backed, the vdso, or generated code; neighbours of generated
 * code are one mapping.
 */
#ifndef SAMPLER_PROCESS_H
#define SAMPLER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "base/view.h"
#include "sampler/follow.h"

#define PROCESS_NAME_MAX 64
#define PROCESS_MAPPINGS_MAX 16384u /* executable ones, of one process; later ones are ignored */

struct correlation;
struct module;
struct perfmap;
struct run;

enum process_mapping_kind { PROCESS_FILE, PROCESS_VDSO, PROCESS_JIT };

struct process_mapping {
	uint64_t start, end, offset;
	uint64_t device, inode, generation; /* generation 0 = not known */
	enum process_mapping_kind kind;
	char *path;            /* owned; NULL for generated code */
	struct module *module; /* borrowed; NULL until somebody looked */
	uint64_t bias;         /* file address = address - bias; with the module */
};

struct process {
	pid_t pid;
	char name[PROCESS_NAME_MAX]; /* "" = not known yet */
	bool maps_known;             /* else /proc has not been asked */
	bool from_birth;             /* we saw its fork or exec: /proc need not be asked */
	bool ended;
	bool run_stale; /* the kernel sees mappings older than these */
	bool jit_refused;
	uint64_t ended_ns;
	uint64_t read_ns;                 /* when /proc was read: earlier events are in it */
	struct process_mapping *mappings; /* owned, sorted by start */
	size_t n_mappings, cap_mappings;
	struct run *run;     /* what the kernel sees; the sampler's business, as are the next two */
	uint32_t exec_id;    /* which of its programs the mappings belong to; see sample_abi.h */
	size_t shown_tables; /* the tables known when it was shown */
	struct perfmap *perfmap;         /* the sampler's */
	struct correlation *correlation; /* the sampler's; NULL = not looked at */
};

struct process_table {
	struct map by_pid; /* pid -> struct process * */
	/* Called before a process goes, before its mappings go at an exec, and after a child was
	 * born. */
	void (*on_free)(void *owner, struct process *process);
	void (*on_exec)(void *owner, struct process *process);
	void (*on_birth)(void *owner, struct process *process);
	void *owner;
	uint64_t mappings_ignored;
};

void process_table_fini(struct process_table *table);

struct process *process_find(const struct process_table *table, pid_t pid);
struct process *process_add(struct process_table *table, pid_t pid); /* NULL without memory */
void process_remove(struct process_table *table, struct process *process);

/* Reads /proc/PID/maps if the mappings are not known. */
int process_read(struct process_table *table, struct process *process, struct err *err);

/* What was known of its mappings is no longer believed; /proc will be asked. */
void process_forget(struct process *process);

/* The mapping at an address, or NULL. */
struct process_mapping *process_at(const struct process *process, uint64_t address);

/* Adds a mapping; what it covers of older ones is gone. `path` is copied. 0 or ERR_NOMEM. */
int process_map(struct process_table *table, struct process *process,
	const struct process_mapping *mapping, struct view path);

/* What the event says about processes. `follows_all`: an unknown parent's child is of interest too.
 * 0 or ERR_NOMEM. */
int process_apply(struct process_table *table, const struct follow_event *event, bool follows_all);

#endif
