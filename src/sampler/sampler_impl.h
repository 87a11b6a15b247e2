/*
 * sampler_impl: what the files of the sampler share.
 *
 *   sampler.c    begins, waits, ends windows
 *   drain.c      brings records and events into order
 *   harvest.c    a record becomes a sample: finishes its walk, learns of processes and modules
 *   correlate.c  what the sampled threads say that they work on
 *   bpf_side.c   the kernel half          perf_side.c  the same without BPF
 *   follow.c     what happened to processes, in order
 */
#ifndef SAMPLER_SAMPLER_IMPL_H
#define SAMPLER_SAMPLER_IMPL_H

#include "bpf/sample_abi.h"
#include "sampler/backlog.h"
#include "sampler/bpf_side.h"
#include "sampler/correlate.h"
#include "sampler/follow.h"
#include "sampler/module.h"
#include "sampler/perf_side.h"
#include "sampler/plain_space.h"
#include "sampler/process.h"
#include "sampler/runs.h"
#include "sampler/sampler.h"
#include "sampler/window.h"
#include "unwind/unwind_space.h"

struct sampler {
	enum sampler_backend backend; /* never SAMPLER_AUTO */
	bool whole_host, no_kernel;
	struct symcache *cache; /* owned; of the kernel's types; may be NULL */
	unsigned hz;
	pid_t *pids; /* owned */
	size_t n_pids;
	struct sampler_label *labels; /* owned, with their texts */
	size_t n_labels;
	size_t table_bytes_max;
	unsigned *cpus; /* owned */
	size_t n_cpus;
	uint64_t period_ns;

	struct bpf_side bpf;
	struct perf_side perf;
	struct plain_space plain;
	struct follow follow;
	struct backlog backlog;
	struct process_table processes;
	struct module_table modules;
	struct unwind_space_memory memory; /* where the tables lie: in the kernel's, or ours */
	struct unwind_row *const *shards;  /* the same's */
	struct unwind_space *space;
	struct runs runs;
	struct window window;

	uint64_t drains;     /* so far */
	uint64_t settle_at;  /* the drain after which evicted tables may be overwritten; 0 = none */
	uint64_t looked_ns;  /* when old tables were last looked for */
	size_t looked_built; /* how many had been built then */
	pid_t *ended;        /* owned; processes whose first thread has ended */
	size_t n_ended, cap_ended;
	struct perfmap **perfmaps; /* owned; of processes that have gone */
	size_t n_perfmaps, cap_perfmaps;
	size_t n_windows;               /* given out and not yet returned */
	struct sample_counters counted; /* up to the beginning of the window */
	size_t finished;                /* walks finished here */
	struct map tls_places;          /* module -> what correlate.c knows of its file */
	unsigned looks_left;            /* of correlate.c, up to the next drain */

	struct unwind_mapping *image; /* owned; scratch: a process as the walker sees it */
	size_t cap_image;
	uint64_t frames[SAMPLE_USER_FRAMES_MAX]; /* scratch */
};

/* One record and what belongs to it; all borrowed. */
struct harvest {
	const struct sample_record *record;
	const uint64_t *kernel, *user;
	const char *slice;
	struct view context; /* what the thread worked on; see thread_record.h */
};

/* Moves what is in the ring out of it, and collects the events that explain it. */
void harvest_siphon(struct sampler *s);

/* Counts the sample, in the profile or as lost. */
void harvest_add(struct sampler *s, const struct harvest *h);

/* Cuts a record out of the BPF ring into its parts; false if it is not one. */
bool harvest_parse(struct view bytes, struct harvest *ret);

/* Shows the kernel what has changed of a process. */
void harvest_show(struct sampler *s, struct process *process);

/* Makes room when tables are over budget, or unused for long. */
void harvest_evict(struct sampler *s, uint64_t now_ns);

#endif
