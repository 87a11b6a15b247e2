/*
 * bench_query: how long answers take, from a store on disk whose pages are warm.
 *
 *   bench_query [WORKLOAD [ROUNDS [WHAT]]]     hour, traces or month; without one, all
 *
 * hour: 200 series of a service, a profile of 300 stacks every 10 s, each. traces: a day of 960,000
 * traces. month: 30 days of 4 series, a profile a minute. A picture is merged, made a tree and laid
 * out as a page gets it. Prints the median and the 95th percentile.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "kept_workload.h"
#include "model/tree.h"
#include "query/evidence.h"
#include "query/gather.h"
#include "query/share.h"
#include "query/timeline.h"
#include "query/traces.h"
#include "render/layout.h"
#include "store/store_rocksdb.h"
#include "synthetic.h"

#define ROUNDS_MAX 1000

static const struct workload workloads[] = {
	{ "hour", 200, 10, 3600, 0 },
	{ "traces", 6, 11, 86400, 20 },
	{ "month", 4, 60, 30 * 86400, 0 },
};

static struct store *store;
static char folder[] = "/tmp/flyover-bench-XXXXXX";
static unsigned rounds = 40;
static const char *only; /* of what is asked; NULL = all */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void make(const struct workload *w, const struct profile *base)
{
	struct err err = { 0 };
	struct store_figures figures;
	uint64_t begin_ns = clock_monotonic_ns(), kept_ns;

	kept_workload(store, w, base);
	kept_ns = clock_monotonic_ns();
	kept_must(store_rocksdb_tend(store, KEPT_START + w->long_s * KEPT_SECOND + KEPT_DAY, &err),
		&err);
	store_figures(store, &figures);
	printf("%s: %llu profiles, %llu samples; kept in %.1f s, folded in %.1f s; the store has "
	       "%.0f MB\n",
		w->name, (unsigned long long)figures.profiles, (unsigned long long)figures.samples,
		(double)(kept_ns - begin_ns) / 1e9, (double)(clock_monotonic_ns() - kept_ns) / 1e9,
		(double)figures.bytes_on_disk / 1e6);
}

/* ---- what is asked ---- */

static struct matcher service = { .name = VIEW("service_name") };
static uint8_t wanted_trace[1][16];

static struct store_select select_of(const struct workload *w)
{
	service.value = view_of(w->name);
	return (struct store_select){ .type = { VIEW("process_cpu"), VIEW("cpu"),
					      VIEW("nanoseconds"), VIEW("cpu"),
					      VIEW("nanoseconds") },
		.matchers = &service,
		.n_matchers = 1,
		.from_ns = KEPT_START,
		.to_ns = KEPT_START + w->long_s * KEPT_SECOND };
}

static size_t n_nodes, n_bytes;

static void picture(const struct gather_options *how)
{
	struct tree_options options = { .base_type = -1 };
	struct layout_options layout = { .whole_max = 1 << 16 };
	BUF_AUTO out = { 0 };
	PROFILE_AUTO profile = NULL;
	struct err err = { 0 };
	struct tree tree;

	kept_must(gather(store, how, &profile, NULL, &err), &err);
	kept_must(tree_build(profile, &options, &tree, &err), &err);
	kept_must(layout_write(&tree, &layout, &out, &err), &err);
	n_nodes = tree.n_nodes;
	n_bytes = out.len;
	tree_fini(&tree);
}

static void ask_picture(const struct workload *w)
{
	struct store_select select = select_of(w);

	picture(&(struct gather_options){ .select = &select, .nodes_max = 1 << 20 });
}

/* Blocks of five minutes, not the hours that they are rolled up to. */
static void ask_blocks(const struct workload *w)
{
	struct store_select select = select_of(w);

	select.from_ns += KEPT_SECOND;
	select.to_ns -= KEPT_SECOND;
	if (w->long_s > 3600)
		select.to_ns = select.from_ns + 3598 * KEPT_SECOND;
	picture(&(struct gather_options){ .select = &select, .nodes_max = 1 << 20 });
}

static void ask_small_picture(const struct workload *w)
{
	struct store_select select = select_of(w);

	picture(&(struct gather_options){ .select = &select, .nodes_max = 16384 });
}

static void ask_groups(const struct workload *w)
{
	struct store_select select = select_of(w);
	const struct view pod = VIEW("pod");

	picture(&(struct gather_options){ .select = &select,
		.nodes_max = 1 << 20,
		.group = &pod,
		.n_group = 1,
		.group_as_frames = true });
}

static void ask_trace(const struct workload *w)
{
	struct store_select select = select_of(w);

	select.traces = wanted_trace;
	select.n_traces = 1;
	picture(&(struct gather_options){ .select = &select });
	if (n_nodes != 3) {
		fprintf(stderr, "bench_query: a trace with %zu frames\n", n_nodes);
		exit(1);
	}
}

static void ask_traces(const struct workload *w)
{
	struct store_select select = select_of(w);
	struct err err = { 0 };
	struct traces traces;

	select.from_ns += 12 * 3600 * KEPT_SECOND;
	select.to_ns = select.from_ns + 3600 * KEPT_SECOND;
	kept_must(traces_find(store, &select, true, &traces, &err), &err);
	memcpy(wanted_trace[0], traces.rows[traces.n / 2].span.trace_id, 16);
	traces_fini(&traces);
}

static void ask_timeline(const struct workload *w)
{
	struct store_select select = select_of(w);
	const struct view pod = VIEW("pod");
	struct timeline_options options = { .select = &select,
		.step_ns = timeline_step(select.to_ns - select.from_ns, 300),
		.group = &pod,
		.n_group = 1 };
	struct timeline timeline;
	struct err err = { 0 };

	kept_must(timeline_make(store, &options, &timeline, &err), &err);
	timeline_fini(&timeline);
}

static void ask_share(const struct workload *w)
{
	struct store_select select = select_of(w);
	const struct view function =
		VIEW("github.com/example/service3/internal/pkg3.(*Type3).Method3");
	struct share_options options = { .select = &select,
		.step_ns = timeline_step(select.to_ns - select.from_ns, 60),
		.functions = &function,
		.n_functions = 1 };
	struct share share;
	struct err err = { 0 };

	kept_must(share_make(store, &options, &share, &err), &err);
	share_fini(&share);
}

static void ask_truth(const struct workload *w)
{
	struct store_select select = select_of(w);
	struct evidence evidence;
	struct err err = { 0 };

	kept_must(evidence_gather(store, &select, &evidence, &err), &err);
	evidence_fini(&evidence);
}

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void measure(
	const char *what, void (*ask)(const struct workload *w), const struct workload *w)
{
	uint64_t times[ROUNDS_MAX], cpu = 0;

	if (only && !strstr(what, only))
		return;
	ask(w);
	n_nodes = n_bytes = 0;
	for (unsigned i = 0; i < rounds; i++) {
		uint64_t begin_ns = clock_monotonic_ns();
		clock_t before = clock();

		ask(w);
		times[i] = clock_monotonic_ns() - begin_ns;
		cpu += (uint64_t)(clock() - before);
	}
	qsort(times, rounds, sizeof(times[0]), by_time);
	printf("  %-34s %9.1f ms median %9.1f ms p95 %9.1f ms CPU", what,
		(double)times[rounds / 2] / 1e6, (double)times[rounds * 95 / 100] / 1e6,
		(double)cpu / rounds / (CLOCKS_PER_SEC / 1000.0));
	if (n_nodes)
		printf("   %zu nodes, %zu bytes", n_nodes, n_bytes);
	printf("\n");
}

static void run(const struct workload *w, const struct profile *base)
{
	make(w, base);
	if (w->traces) {
		measure("traces of an hour, listed", ask_traces, w);
		measure("one trace of a day", ask_trace, w);
		return;
	}
	measure("picture", ask_picture, w);
	measure("picture of an hour's blocks", ask_blocks, w);
	measure("picture of 16,384 nodes", ask_small_picture, w);
	measure("picture, 20 groups of 200", ask_groups, w);
	measure("totals over time, by pod", ask_timeline, w);
	measure("share of a function, 60 points", ask_share, w);
	measure("what it rests on", ask_truth, w);
}

int main(int argc, char **argv)
{
	struct synthetic how = {
		.samples = 9000, .functions = 1800, .depth_min = 12, .depth_max = 60
	};
	struct store_rocksdb_options options = { .path = mkdtemp(folder), .by_hand = true };
	struct profile *base = synthetic_profile(&how);
	struct err err = { 0 };

	if (!base || !options.path)
		return 1;
	if (argc > 2)
		rounds = (unsigned)strtoul(argv[2], NULL, 10);
	if (argc > 3)
		only = argv[3];
	if (rounds == 0 || rounds > ROUNDS_MAX)
		return 2;
	printf("a service: %zu stacks, %zu nodes\n", base->n_samples, (size_t)base->stacks.count);
	for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
		if (argc > 1 && strcmp(argv[1], workloads[i].name) != 0)
			continue;
		kept_must(store_rocksdb_open(&options, &store, &err), &err);
		run(&workloads[i], base);
		store_close(store);
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	profile_free(base);
	return 0;
}
