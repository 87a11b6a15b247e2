/* bpf_side: the sampler's half inside the kernel: its program, maps, ring and clocks. */
#include "sampler/bpf_side.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/disk.h"
#include "sampler/bpf_memory.h"
#include "sampler/bpf_program.h"
#include "sampler/bpf_skeleton.h"
#include "sampler/perf_ring.h"

#define RING_BYTES_MIN ((size_t)4 << 20)
#define RING_BYTES_MAX ((size_t)32 << 20)
#define RING_BYTES_PER_CPU ((size_t)1 << 20)
#define MAPPINGS_MAX 65536u
#define SHARD_BYTES (UNWIND_SHARD_ROWS * sizeof(struct unwind_row))

static size_t ring_bytes_for(size_t n_cpus)
{
	size_t bytes = RING_BYTES_MIN;

	while (bytes < n_cpus * RING_BYTES_PER_CPU && bytes < RING_BYTES_MAX)
		bytes *= 2;
	return bytes;
}

static int load(struct bpf_side *side, const struct bpf_side_options *options, struct err *err)
{
	struct bpf_program_options wanted = { .ring_bytes = ring_bytes_for(options->n_cpus),
		.period_ns = options->period_ns,
		.whole_host = options->whole_host,
		.no_kernel = options->no_kernel,
		.cache = options->cache };
	int possible = libbpf_num_possible_cpus();

	wanted.n_cpus = side->n_cpus_possible = possible > 0 ? (unsigned)possible : 1;
	return bpf_program_load(&wanted, &side->skeleton, err);
}

static void *map_memory(const struct bpf_map *map, size_t bytes)
{
	return bpf_memory_map(bpf_map__fd(map), bytes, PROT_READ | PROT_WRITE, 0);
}

static int map_tables(struct bpf_side *side, struct err *err)
{
	side->n_mappings = MAPPINGS_MAX;
	side->mappings =
		map_memory(side->skeleton->maps.mappings, MAPPINGS_MAX * sizeof(*side->mappings));
	side->pages =
		map_memory(side->skeleton->maps.pages, UNWIND_PAGES_MAX * sizeof(*side->pages));
	side->rules =
		map_memory(side->skeleton->maps.rules, UNWIND_RULES_MAX * sizeof(*side->rules));
	if (!side->mappings || !side->pages || !side->rules)
		return err_errno(err, errno, "cannot map the unwind tables");
	return 0;
}

int bpf_side_open(struct bpf_side *side, const struct bpf_side_options *options, struct err *err)
{
	int rc;

	*side = (struct bpf_side){ 0 };
	rc = load(side, options, err);
	if (rc == 0)
		rc = map_tables(side, err);
	if (rc == 0)
		rc = bpf_ring_open(&side->ring, bpf_map__fd(side->skeleton->maps.samples),
			ring_bytes_for(options->n_cpus), err);
	if (rc == 0 && sample_bpf__attach(side->skeleton) < 0)
		rc = err_errno(err, errno, "cannot follow the births of processes");
	if (rc < 0)
		bpf_side_close(side);
	return rc;
}

void bpf_side_close(struct bpf_side *side)
{
	for (size_t i = 0; i < side->n_clocks; i++)
		bpf_link__destroy(side->links[i]);
	free(side->links);
	free(side->clocks);
	for (size_t i = 0; i < UNWIND_SHARDS_MAX; i++) {
		if (!side->shards[i])
			continue;
		munmap(side->shards[i], SHARD_BYTES);
		close(side->shard_fds[i]);
	}
	if (side->mappings)
		munmap(side->mappings, MAPPINGS_MAX * sizeof(*side->mappings));
	if (side->pages)
		munmap(side->pages, UNWIND_PAGES_MAX * sizeof(*side->pages));
	if (side->rules)
		munmap(side->rules, UNWIND_RULES_MAX * sizeof(*side->rules));
	bpf_ring_close(&side->ring);
	sample_bpf__destroy(side->skeleton);
	*side = (struct bpf_side){ 0 };
}

static int start_clock(struct bpf_side *side, unsigned cpu, uint64_t period_ns, struct err *err)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.size = sizeof(attr),
		.sample_period = period_ns,
		.disabled = 1,
	};
	int fd = perf_ring_event(&attr, -1, (int)cpu, -1);
	struct bpf_link *link;

	if (fd == -ENODEV)
		return 0; /* it has just gone offline */
	if (fd < 0)
		return err_errno(err, -fd, "cannot open a clock on CPU %u", cpu);
	link = bpf_program__attach_perf_event(side->skeleton->progs.on_tick, fd);
	if (!link) {
		int saved = errno;

		close(fd);
		return err_errno(err, saved, "cannot attach to the clock of CPU %u", cpu);
	}
	side->clocks[side->n_clocks] = fd; /* the link closes it */
	side->links[side->n_clocks++] = link;
	return 0;
}

struct start {
	uint64_t after_ns;
	unsigned cpu;
};

static int by_start(const void *a, const void *b)
{
	const struct start *x = a, *y = b;

	return x->after_ns < y->after_ns ? -1 : x->after_ns > y->after_ns;
}

static uint64_t random_below(uint64_t limit)
{
	uint64_t number;

	if (getentropy(&number, sizeof(number)))
		number = clock_monotonic_ns();
	return number % limit;
}

static void sleep_until(uint64_t time_ns)
{
	struct timespec at = { .tv_sec = (time_t)(time_ns / 1000000000u),
		.tv_nsec = (long)(time_ns % 1000000000u) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

int bpf_side_start(struct bpf_side *side, const struct bpf_side_options *options, struct err *err)
{
	/* No CPU may tick in step with another, nor with the timers of what it samples. */
	uint64_t spread_ns = options->period_ns < 20000000u ? options->period_ns : 20000000u;
	struct start *starts = calloc(options->n_cpus, sizeof(*starts));
	uint64_t begin_ns = clock_monotonic_ns();
	int rc = 0;

	side->clocks = calloc(options->n_cpus, sizeof(*side->clocks));
	side->links = calloc(options->n_cpus, sizeof(struct bpf_link *));
	if (!starts || !side->clocks || !side->links) {
		free(starts);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (size_t i = 0; i < options->n_cpus; i++)
		starts[i] = (struct start){ random_below(spread_ns), options->cpus[i] };
	qsort(starts, options->n_cpus, sizeof(*starts), by_start);
	for (size_t i = 0; i < options->n_cpus && rc == 0; i++) {
		sleep_until(begin_ns + starts[i].after_ns);
		rc = start_clock(side, starts[i].cpu, options->period_ns, err);
	}
	free(starts);
	return rc;
}

/* A shard is put into the array of maps, which the walker reads, when it is complete. */
static struct unwind_row *new_shard(void *owner, uint32_t index)
{
	struct bpf_side *side = owner;
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "shard", sizeof(u32), SHARD_BYTES, 1, &options);
	void *at;

	if (fd < 0)
		return NULL;
	at = bpf_memory_map(fd, SHARD_BYTES, PROT_READ | PROT_WRITE, 0);
	if (!at || bpf_map_update_elem(
			   bpf_map__fd(side->skeleton->maps.shards), &index, &fd, BPF_ANY)) {
		if (at)
			munmap(at, SHARD_BYTES);
		close(fd);
		return NULL;
	}
	side->shards[index] = at;
	side->shard_fds[index] = fd;
	return at;
}

static void drop_shard(void *owner, uint32_t index)
{
	struct bpf_side *side = owner;

	bpf_map_delete_elem(bpf_map__fd(side->skeleton->maps.shards), &index);
	munmap(side->shards[index], SHARD_BYTES);
	close(side->shard_fds[index]);
	side->shards[index] = NULL;
}

struct unwind_space_memory bpf_side_memory(struct bpf_side *side)
{
	return (struct unwind_space_memory){ .new_shard = new_shard,
		.drop_shard = drop_shard,
		.owner = side,
		.pages = side->pages,
		.rules = side->rules,
		.n_pages_max = UNWIND_PAGES_MAX,
		.n_shards_max = UNWIND_SHARDS_MAX };
}

int bpf_side_target(struct bpf_side *side, pid_t pid, struct err *err)
{
	u32 key = (u32)pid;
	u8 yes = 1;

	if (bpf_map_update_elem(bpf_map__fd(side->skeleton->maps.targets), &key, &yes, BPF_ANY))
		return err_errno(err, errno, "cannot sample process %d", (int)pid);
	return 0;
}

int bpf_side_show(struct bpf_side *side, pid_t pid, const struct unwind_process *process)
{
	u32 key = (u32)pid;

	if (bpf_map_update_elem(
		    bpf_map__fd(side->skeleton->maps.processes), &key, process, BPF_ANY))
		return ERR_NOMEM;
	return 0;
}

void bpf_side_hide(struct bpf_side *side, pid_t pid, bool target_too)
{
	u32 key = (u32)pid;

	bpf_map_delete_elem(bpf_map__fd(side->skeleton->maps.processes), &key);
	bpf_map_delete_elem(bpf_map__fd(side->skeleton->maps.contexts), &key);
	if (target_too)
		bpf_map_delete_elem(bpf_map__fd(side->skeleton->maps.targets), &key);
}

bool bpf_side_shown(const struct bpf_side *side, pid_t pid, struct unwind_process *ret)
{
	u32 key = (u32)pid;

	return bpf_map_lookup_elem(bpf_map__fd(side->skeleton->maps.processes), &key, ret) == 0;
}

int bpf_side_correlate(struct bpf_side *side, pid_t pid, const struct sample_context_place *place)
{
	u32 key = (u32)pid;

	if (bpf_map_update_elem(bpf_map__fd(side->skeleton->maps.contexts), &key, place, BPF_ANY))
		return ERR_NOMEM;
	return 0;
}

int bpf_side_ring_fd(const struct bpf_side *side)
{
	return bpf_map__fd(side->skeleton->maps.samples);
}

int bpf_side_counters(const struct bpf_side *side, struct sample_counters *ret, struct err *err)
{
	struct sample_counters *each = calloc(side->n_cpus_possible, sizeof(*each));
	u32 zero = 0;

	*ret = (struct sample_counters){ 0 };
	if (!each)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (bpf_map_lookup_elem(bpf_map__fd(side->skeleton->maps.counters), &zero, each)) {
		free(each);
		return err_errno(err, errno, "cannot read the counters of samples");
	}
	for (unsigned i = 0; i < side->n_cpus_possible; i++) {
		ret->all_ticks += each[i].all_ticks;
		ret->idle_ticks += each[i].idle_ticks;
		ret->attempted += each[i].attempted;
		ret->sent += each[i].sent;
		ret->ring_full += each[i].ring_full;
		ret->late += each[i].late;
		ret->idle_late += each[i].idle_late;
		ret->all_late += each[i].all_late;
		ret->targets_full += each[i].targets_full;
		ret->sliced += each[i].sliced;
	}
	free(each);
	return 0;
}

/* The kernel says how much memory a map holds in the file that describes its descriptor. */
static size_t map_bytes(int fd)
{
	BUF_AUTO text = { 0 };
	struct view rest, line, key = VIEW("memlock:\t");
	char path[64];
	uint64_t bytes = 0;
	bool more = true;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (disk_read(path, 65536, &text, NULL) < 0)
		return 0;
	for (rest = buf_view(&text); more;) {
		line = view_take(&rest, '\n', &more);
		if (view_starts(line, key))
			view_to_u64(view_between(line.at + key.len, view_end(line)), &bytes);
	}
	return bytes;
}

size_t bpf_side_kernel_bytes(const struct bpf_side *side)
{
	struct bpf_map *map;
	size_t bytes = 0;

	bpf_object__for_each_map(map, side->skeleton->obj)
	{
		bytes += map_bytes(bpf_map__fd(map));
	}
	for (size_t i = 0; i < UNWIND_SHARDS_MAX; i++)
		if (side->shards[i])
			bytes += map_bytes(side->shard_fds[i]);
	return bytes;
}

unsigned bpf_side_verified(const struct bpf_side *side)
{
	struct bpf_prog_info info = { 0 };
	u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(side->skeleton->progs.on_tick), &info, &len))
		return 0;
	return info.verified_insns;
}
