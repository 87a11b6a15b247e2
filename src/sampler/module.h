/*
 * module: a file that processes run code from, known once however many map it.
 *
 * A module is new until a stack first needs its table. Then a thread of its own opens the file and
 * builds the table, off the sampling path; meanwhile samples carry what is needed to finish their
 * walks later. Modules with equal build ids share one object and one table. Tables leave when they
 * were not used for a while or when they are over budget, and come back when needed again.
 */
#ifndef SAMPLER_MODULE_H
#define SAMPLER_MODULE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "base/queue.h"
#include "sampler/module_file.h"
#include "sampler/process.h"
#include "unwind/unwind_space.h"
#include "unwind/unwind_table.h"

#define MODULE_RETRY_NS UINT64_C(30000000000) /* a file that could not be read is tried again */

struct object;

enum module_state {
	MODULE_NEW,      /* nobody has needed it yet, or its table has left */
	MODULE_BUILDING, /* the worker has it: see module_job */
	MODULE_TABLE,
	MODULE_NO_TABLE, /* opened, but without unwind information, or there was no room for it */
	MODULE_FAILED    /* could not be opened */
};

/* What the worker reads and writes while the state is MODULE_BUILDING. */
struct module_job {
	pid_t pid;
	uint64_t start, end;
	struct object *object; /* kept if it is there already */
	struct unwind_table table;
	int rc;
};

struct module {
	uint64_t device, inode, generation;
	struct module_file_stamp stamp;
	char *path; /* owned; "[vdso]" for that */
	bool is_vdso;
	enum module_state state;
	struct object *object; /* owned; NULL until opened */
	struct module *same;   /* the module with the same build id that has the table; borrowed */
	struct unwind_space_place place;
	bool too_slow; /* somebody has waited for it in vain */
	uint64_t used_ns, failed_ns;
	struct module_job job;
};

struct module_table {
	struct module **modules; /* owned, each too */
	size_t n_modules, cap_modules;
	struct map first_of; /* inode -> index + 1 of the newest module; the older by next_of */
	uint32_t *next_of;
	size_t cap_next;
	struct map by_build_id;     /* hash -> struct module * */
	struct unwind_space *space; /* borrowed */
	struct queue requests, done;
	pthread_t worker;
	bool worker_runs;
	int wake_fd; /* readable when something is done */
	size_t built, evicted;
};

int module_table_init(struct module_table *table, struct unwind_space *space, struct err *err);
void module_table_fini(struct module_table *table);

/* The module of a mapping of a process; NULL without memory. */
struct module *module_find(
	struct module_table *table, pid_t pid, const struct process_mapping *mapping);

/* Has the table made, if it is not there and not being made. */
void module_request(struct module_table *table, struct module *module, pid_t pid,
	const struct process_mapping *mapping, uint64_t now_ns);

/* A file that could not be read, or found no room, is new again after MODULE_RETRY_NS. */
void module_revive(struct module *module, uint64_t now_ns);

/* Takes in what the worker has finished. */
void module_collect(struct module_table *table);

/* Waits until the module is no longer being built, for at most timeout_ms; true if so. */
bool module_wait(struct module_table *table, const struct module *module, int timeout_ms);

/* How a mapping of it is to be walked; fills kind, bias and pages. */
void module_describe(const struct module *module, const struct process_mapping *mapping,
	struct unwind_mapping *ret);

/* Takes the table out: the state is MODULE_NEW again. Whoever shows it to the kernel must have
 * stopped before (module_describe gives PENDING when `state` is MODULE_NEW). */
void module_evict(struct module_table *table, struct module *module);

/* The one that has the object and the table. */
static inline struct module *module_of(struct module *module)
{
	return module->same ? module->same : module;
}

#endif
