/* own_space: the code that this process has mapped, and the tables to walk it with. */
#include "inproc/own_space.h"

#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/vec.h"
#include "inproc/own_file.h"
#include "object/object.h"
#include "proc/procfs.h"
#include "unwind/unwind_space.h"

#define MAPS_KEPT 64

/* One state of the mappings. Both arrays have n entries, sorted by address. */
struct own_map {
	struct unwind_mapping *walk; /* owned */
	struct own_range *ranges;    /* owned */
	uint32_t n, generation;
	size_t cap_walk, cap_ranges;
	bool retired; /* no handler reads it; it goes in the next round */
};

struct own_space {
	struct unwind_space *tables;
	struct unwind_page *pages;
	struct unwind_rule *rules;
	struct unwind_row *shards[UNWIND_SHARDS_MAX];
	struct own_map *maps[MAPS_KEPT]; /* owned, newest last */
	size_t n_maps;
	struct own_file **files; /* owned, each too */
	size_t n_files, cap_files;
	unsigned long long loads; /* the loader's counters when the maps were read */
	uint32_t generation;
};

/* Memory that costs nothing until it is touched. */
static void *reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static struct unwind_row *new_shard(void *owner, uint32_t index)
{
	struct own_space *space = owner;

	space->shards[index] = reserve(UNWIND_SHARD_ROWS * sizeof(struct unwind_row));
	return space->shards[index];
}

static void drop_shard(void *owner, uint32_t index)
{
	struct own_space *space = owner;

	munmap(space->shards[index], UNWIND_SHARD_ROWS * sizeof(struct unwind_row));
	space->shards[index] = NULL;
}

int own_space_new(struct own_space **ret, struct err *err)
{
	struct own_space *space = calloc(1, sizeof(*space));
	struct unwind_space_memory memory = { .new_shard = new_shard,
		.drop_shard = drop_shard,
		.owner = space,
		.n_pages_max = UNWIND_PAGES_MAX,
		.n_shards_max = UNWIND_SHARDS_MAX };
	int rc;

	if (!space)
		return err_set(err, ERR_NOMEM, "out of memory");
	space->pages = memory.pages = reserve(UNWIND_PAGES_MAX * sizeof(*memory.pages));
	space->rules = memory.rules = reserve(UNWIND_RULES_MAX * sizeof(*memory.rules));
	if (memory.pages && memory.rules)
		rc = unwind_space_new(&memory, &space->tables, err);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0) {
		own_space_free(space);
		return rc;
	}
	*ret = space;
	return 0;
}

static void drop_map(struct own_map *map)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (map->ranges[i].file)
			map->ranges[i].file->users--;
	free(map->walk);
	free(map->ranges);
	free(map);
}

void own_space_free(struct own_space *space)
{
	if (!space)
		return;
	for (size_t i = 0; i < space->n_maps; i++)
		drop_map(space->maps[i]);
	for (size_t i = 0; i < space->n_files; i++)
		own_file_free(space->files[i], space->tables);
	unwind_space_free(space->tables);
	free(space->files);
	if (space->pages)
		munmap(space->pages, UNWIND_PAGES_MAX * sizeof(*space->pages));
	if (space->rules)
		munmap(space->rules, UNWIND_RULES_MAX * sizeof(*space->rules));
	free(space);
}

static int read_loads(struct dl_phdr_info *info, size_t size, void *into)
{
	*(unsigned long long *)into = info->dlpi_adds + info->dlpi_subs;
	return 1;
}

/* The loader's own lock is held meanwhile, and is not whole again in the child of a fork. */
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static __thread bool counting_held __attribute__((tls_model("initial-exec")));

static unsigned long long count_loads(void)
{
	unsigned long long loads = 0;

	pthread_mutex_lock(&counting);
	dl_iterate_phdr(read_loads, &loads);
	pthread_mutex_unlock(&counting);
	return loads;
}

void own_space_before_fork(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	/* If it takes so long, whoever forks holds the loader's lock, and we would wait for each
	 * other. */
	if (pthread_mutex_timedlock(&counting, &until) == 0)
		counting_held = true;
}

void own_space_after_fork(bool in_child)
{
	if (in_child)
		pthread_mutex_init(&counting, NULL);
	else if (counting_held)
		pthread_mutex_unlock(&counting);
	counting_held = false;
}

bool own_space_stale(const struct own_space *space)
{
	return space->n_maps == 0 || count_loads() != space->loads;
}

static struct own_file *file_of(struct own_space *space, const struct maps_line *line)
{
	struct own_file **slot, *file;

	for (size_t i = 0; i < space->n_files; i++)
		if (own_file_is(space->files[i], line))
			return space->files[i];
	slot = VEC_ADD(space->files, space->n_files, space->cap_files);
	if (!slot)
		return NULL;
	if (own_file_new(line, space->tables, &file, NULL) < 0) {
		space->n_files--;
		return NULL;
	}
	return *slot = file;
}

static void describe_file(struct own_space *space, const struct maps_line *line,
	struct own_range *range, struct unwind_mapping *walk)
{
	struct object *object;

	range->file = file_of(space, line);
	if (!range->file)
		return;
	range->file->users++;
	if (own_file_open(range->file, &object, NULL) < 0)
		return;
	if (object_bias(object, line->start, line->offset, &range->bias) &&
		range->file->has_table) {
		const struct unwind_space_place *place = &range->file->place;

		walk->bias = range->bias;
		walk->first_page = place->first_page;
		walk->first_page_no = place->first_page_no;
		walk->n_pages = place->n_pages;
		walk->kind = UNWIND_MAPPING_TABLE;
	}
	object_unref(object);
}

/* Shared memory has an inode and a path, too; code in it is generated. */
static bool is_file(const struct maps_line *line)
{
	static const char *const memory[] = { "/memfd:", "/dev/zero", "/anon_hugepage", "//anon",
		"/dev/shm/", "/SYSV" };

	if (view_equal(line->path, VIEW("[vdso]")))
		return true;
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		if (view_starts(line->path, view_of(memory[i])))
			return false;
	return line->inode != 0 && line->path.len && line->path.at[0] == '/';
}

static bool is_same(const struct own_range *range, const struct maps_line *line)
{
	return range->start == line->start && range->end == line->end &&
	       range->offset == line->offset && (range->kind == OWN_FILE) == is_file(line) &&
	       (!range->file || own_file_is(range->file, line));
}

static bool add_range(struct own_space *space, struct own_map *map, const struct maps_line *line)
{
	struct own_map *last = space->n_maps ? space->maps[space->n_maps - 1] : NULL;
	struct own_range *range;
	struct unwind_mapping *walk;

	if (!VEC_FITS(map->walk, map->cap_walk, (size_t)map->n + 1) ||
		!VEC_FITS(map->ranges, map->cap_ranges, (size_t)map->n + 1))
		return false;
	range = &map->ranges[map->n];
	walk = &map->walk[map->n++];
	*range = (struct own_range){ line->start, line->end, line->offset, 0, OWN_JIT, NULL };
	*walk = (struct unwind_mapping){
		.start = line->start, .end = line->end, .kind = UNWIND_MAPPING_JIT
	};
	if (!is_file(line)) {
		if (line->path.len && line->path.at[0] == '[' &&
			!view_starts(line->path, VIEW("[anon")))
			range->kind = OWN_OTHER;
		return true;
	}
	walk->kind = UNWIND_MAPPING_NO_TABLE;
	range->kind = OWN_FILE;
	for (uint32_t i = 0; last && i < last->n; i++)
		if (last->ranges[i].file && is_same(&last->ranges[i], line)) {
			*range = last->ranges[i];
			*walk = last->walk[i];
			range->file->users++;
			return true;
		}
	describe_file(space, line, range, walk);
	return true;
}

static bool equal_maps(const struct own_map *a, const struct own_map *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (a->ranges[i].start != b->ranges[i].start ||
			a->ranges[i].end != b->ranges[i].end ||
			a->ranges[i].file != b->ranges[i].file ||
			a->ranges[i].bias != b->ranges[i].bias)
			return false;
	return true;
}

/* Files that no map speaks of lose their tables, and their memory once that is settled. */
static void drop_files(struct own_space *space)
{
	size_t kept = 0;

	for (size_t i = 0; i < space->n_files; i++) {
		if (space->files[i]->users)
			space->files[kept++] = space->files[i];
		else
			own_file_free(space->files[i], space->tables);
	}
	space->n_files = kept;
}

int own_space_refresh(struct own_space *space, struct err *err)
{
	struct own_map *map = calloc(1, sizeof(*map));
	struct own_map *last = space->n_maps ? space->maps[space->n_maps - 1] : NULL;
	unsigned long long loads = count_loads();
	BUF_AUTO text = { .max = PROCFS_MAPS_MAX };
	struct maps_line line;
	struct view rest;
	int rc;

	if (!map)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = procfs_read_maps(getpid(), &text, err);
	if (rc < 0)
		goto drop;
	for (rest = buf_view(&text); maps_next(&rest, &line);)
		if (line.executable && line.readable && !add_range(space, map, &line)) {
			rc = err_set(err, ERR_NOMEM, "out of memory");
			goto drop;
		}
	space->loads = loads;
	if ((last && equal_maps(last, map)) || space->n_maps == MAPS_KEPT)
		goto drop;
	map->generation = ++space->generation;
	space->maps[space->n_maps++] = map;
	return 0;
drop:
	drop_map(map);
	return rc;
}

struct stackwalk_tables own_space_tables(const struct own_space *space)
{
	const struct own_map *map = space->n_maps ? space->maps[space->n_maps - 1] : NULL;

	return (struct stackwalk_tables){ .mappings = map ? map->walk : NULL,
		.n_mappings = map ? map->n : 0,
		.pages = space->pages,
		.n_pages = UNWIND_PAGES_MAX,
		.rules = space->rules,
		.n_rules = UNWIND_RULES_MAX,
		.shards = (const struct unwind_row *const *)space->shards,
		.n_shards = UNWIND_SHARDS_MAX };
}

uint32_t own_space_generation(const struct own_space *space)
{
	return space->generation;
}

static const struct own_range *find_in(const struct own_map *map, uint64_t address)
{
	size_t low = 0, high = map->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->ranges[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < map->n && map->ranges[low].start <= address ? &map->ranges[low] : NULL;
}

const struct own_range *own_space_find(
	const struct own_space *space, uint32_t generation, uint64_t address)
{
	const struct own_range *range;

	for (size_t i = 0; i < space->n_maps; i++)
		if (space->maps[i]->generation == generation &&
			(range = find_in(space->maps[i], address)))
			return range;
	return space->n_maps ? find_in(space->maps[space->n_maps - 1], address) : NULL;
}

const struct own_range *own_space_program(const struct own_space *space)
{
	const struct own_map *map = space->n_maps ? space->maps[space->n_maps - 1] : NULL;
	struct stat program;

	if (!map || stat("/proc/self/exe", &program) < 0)
		return NULL;
	for (uint32_t i = 0; i < map->n; i++)
		if (map->ranges[i].file && map->ranges[i].file->inode == program.st_ino)
			return &map->ranges[i];
	return NULL;
}

void own_space_retire(struct own_space *space)
{
	size_t kept = 0;

	for (size_t i = 0; i < space->n_maps; i++) {
		bool newest = i + 1 == space->n_maps;

		if (!newest && space->maps[i]->retired) {
			drop_map(space->maps[i]);
			continue;
		}
		space->maps[i]->retired = !newest;
		space->maps[kept++] = space->maps[i];
	}
	space->n_maps = kept;
	/* Tables of files go in one round and their memory in the next, when handlers that began in
	 * between have ended as well. */
	unwind_space_settle(space->tables);
	drop_files(space);
}
