/*
 * sampler: from a running machine to a profile.
 *
 * Interrupts the chosen processes `hz` times a second of CPU time, walks their stacks and counts
 * equal ones. The profile has addresses only, with one symbol source for each mapping; whoever
 * takes it names it (symbol_resolve). Sample types: samples/count, cpu/nanoseconds. Sample
 * labels: process (the name of its executable), pid, thread (its name).
 */
#ifndef SAMPLER_SAMPLER_H
#define SAMPLER_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "model/accounting.h"
#include "symbol/symbol.h"

#define SAMPLER_HZ_DEFAULT 99
#define SAMPLER_HZ_MAX 10000
#define SAMPLER_TABLE_BYTES_DEFAULT ((size_t)48 << 20)

struct profile;
struct sampler;

enum sampler_backend { SAMPLER_AUTO, SAMPLER_BPF, SAMPLER_PERF };

struct sampler_label {
	const char *key, *value;
};

struct sampler_options {
	enum sampler_backend backend;
	unsigned hz; /* 0 = SAMPLER_HZ_DEFAULT */
	bool whole_host;
	const pid_t *pids; /* borrowed; their threads, and children born later, too */
	size_t n_pids;
	bool no_kernel;                     /* leave kernel frames out */
	const struct sampler_label *labels; /* borrowed; given to every sample */
	size_t n_labels;
	const char *cache_dir;  /* as in symbolizer_options; of the kernel's types */
	size_t table_bytes_max; /* of unwind tables; 0 = SAMPLER_TABLE_BYTES_DEFAULT */
};

struct sampler_stats {
	enum sampler_backend backend;
	size_t modules, rows, rules; /* unwind tables held */
	size_t kernel_bytes;         /* all BPF maps */
	size_t table_bytes;          /* the part that is rows, pages and rules */
	size_t tables_built, tables_evicted;
	size_t finished_in_user_space; /* samples whose walk was finished outside the kernel */
	unsigned verified_insns;
};

struct sampler_window {
	struct profile *profile; /* owned */
	struct symbol_source
		*sources; /* owned; what they point to lives until sampler_window_fini */
	size_t n_sources;
	struct sampler *sampler; /* private, as is what follows */
	struct object **held;
	size_t n_held;
};

int sampler_new(const struct sampler_options *options, struct sampler **ret, struct err *err);
void sampler_free(struct sampler *sampler);

/* A child that waits on a pipe can be added as a pid before it runs: no first sample is lost. */
int sampler_start(struct sampler *sampler, struct err *err);

/* Waits for at most timeout_ms, or until wake_fd (-1 = none) can be read, and drains what has come;
 * ERR_CANCELLED when a signal arrived. */
int sampler_poll(struct sampler *sampler, int timeout_ms, int wake_fd, struct err *err);

/* True when every chosen process has ended (never for the whole host). */
bool sampler_targets_gone(const struct sampler *sampler);

/* Ends the window, gives what was collected, begins the next one. */
int sampler_take(struct sampler *sampler, struct sampler_window *ret, struct err *err);
/* Before sampler_free. */
void sampler_window_fini(struct sampler_window *window);

void sampler_get_stats(const struct sampler *sampler, struct sampler_stats *ret);

#endif
