/* module: a file that processes run code from, known once however many map it. */
#include "sampler/module.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/vec.h"
#include "object/object.h"
#include "sampler/module_file.h"

#define QUEUE_MAX 4096
#define PAGE_MASK 4095ull

static void *work(void *context)
{
	struct module_table *table = context;
	struct module *module;
	uint64_t one = 1;

	while ((module = queue_take(&table->requests))) {
		struct module_job *job = &module->job;

		job->rc = job->object ? 0 : module_file_open(module, &job->object);
		if (job->rc == 0)
			job->rc = unwind_table_build(job->object, &job->table, NULL);
		queue_put(&table->done, module);
		if (write(table->wake_fd, &one, sizeof(one)) < 0)
			break;
	}
	return NULL;
}

int module_table_init(struct module_table *table, struct unwind_space *space, struct err *err)
{
	*table = (struct module_table){ .space = space, .wake_fd = -1 };
	if (queue_init(&table->requests, QUEUE_MAX) < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (queue_init(&table->done, QUEUE_MAX) < 0) {
		queue_fini(&table->requests);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	table->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	if (table->wake_fd < 0)
		return err_errno(err, errno, "cannot make an eventfd");
	if (pthread_create(&table->worker, NULL, work, table))
		return err_set(err, ERR_NOMEM, "cannot start a thread");
	table->worker_runs = true;
	return 0;
}

static void module_free(struct module *module)
{
	unwind_table_fini(&module->job.table);
	if (module->job.object != module->object)
		object_unref(module->job.object);
	object_unref(module->object);
	free(module->path);
	free(module);
}

void module_table_fini(struct module_table *table)
{
	if (table->worker_runs) {
		queue_close(&table->requests);
		queue_close(&table->done);
		pthread_join(table->worker, NULL);
	}
	for (size_t i = 0; i < table->n_modules; i++) {
		unwind_space_remove(table->space, &table->modules[i]->place);
		module_free(table->modules[i]);
	}
	if (table->wake_fd >= 0)
		close(table->wake_fd);
	queue_fini(&table->requests);
	queue_fini(&table->done);
	free(table->modules);
	free(table->next_of);
	map_fini(&table->first_of);
	map_fini(&table->by_build_id);
	*table = (struct module_table){ .wake_fd = -1 };
}

static struct module *module_new(
	struct module_table *table, const struct process_mapping *mapping, uint64_t key)
{
	struct module *module = calloc(1, sizeof(*module));
	uint64_t *newest = map_add(&table->first_of, key, NULL);

	if (!module || !newest ||
		!VEC_FITS(table->modules, table->cap_modules, table->n_modules + 1) ||
		!VEC_FITS(table->next_of, table->cap_next, table->n_modules + 1)) {
		free(module);
		return NULL;
	}
	module->path = strdup(mapping->path ? mapping->path : "");
	if (!module->path) {
		free(module);
		return NULL;
	}
	module->device = mapping->device;
	module->inode = mapping->inode;
	module->generation = mapping->generation;
	module->is_vdso = mapping->kind == PROCESS_VDSO;
	table->next_of[table->n_modules] = (uint32_t)*newest;
	table->modules[table->n_modules++] = module;
	*newest = table->n_modules;
	return module;
}

/* A file that was written again in place is another module. */
static bool same_file(const struct module *m, const struct process_mapping *mapping,
	const struct module_file_stamp *stamp)
{
	if (m->device != mapping->device || m->inode != mapping->inode)
		return false;
	if (m->generation && mapping->generation && m->generation != mapping->generation)
		return false;
	return !m->stamp.known || !stamp->known ||
	       (m->stamp.size == stamp->size && m->stamp.mtime_ns == stamp->mtime_ns);
}

struct module *module_find(
	struct module_table *table, pid_t pid, const struct process_mapping *mapping)
{
	bool is_vdso = mapping->kind == PROCESS_VDSO;
	uint64_t key = is_vdso ? 0 : hash_pair(mapping->device, mapping->inode);
	uint64_t *newest = map_find(&table->first_of, key);
	struct module_file_stamp stamp = { 0 };
	struct module *module;

	if (!is_vdso)
		stamp = module_file_look(pid, mapping);
	for (size_t i = newest ? *newest : 0; i; i = table->next_of[i - 1]) {
		module = table->modules[i - 1];
		if (is_vdso || same_file(module, mapping, &stamp))
			goto found;
	}
	module = module_new(table, mapping, key);
found:
	if (module && !module->stamp.known)
		module->stamp = stamp;
	if (module && !module->generation)
		module->generation = mapping->generation;
	return module;
}

void module_revive(struct module *module, uint64_t now_ns)
{
	if (module->state == MODULE_FAILED && now_ns - module->failed_ns >= MODULE_RETRY_NS)
		module->state = MODULE_NEW;
}

void module_request(struct module_table *table, struct module *module, pid_t pid,
	const struct process_mapping *mapping, uint64_t now_ns)
{
	module = module_of(module);
	module_revive(module, now_ns);
	if (module->state != MODULE_NEW)
		return;
	module->job = (struct module_job){
		.pid = pid, .start = mapping->start, .end = mapping->end, .object = module->object
	};
	module->state = MODULE_BUILDING;
	if (!queue_put_now(&table->requests, module))
		module->state = MODULE_NEW;
}

/* True if another module with the same build id has the table, or will have it. */
static bool share(struct module_table *table, struct module *module)
{
	struct view id = object_build_id(module->object);
	uint64_t *slot;
	bool is_new;

	if (id.len == 0)
		return false;
	slot = map_add(&table->by_build_id, hash_view(id), &is_new);
	if (!slot)
		return false;
	if (!is_new) {
		struct module *other = (struct module *)(uintptr_t)*slot;

		if (other != module && other->object &&
			view_equal(object_build_id(other->object), id)) {
			module->same = other;
			object_unref(module->object);
			module->object = NULL;
			return true;
		}
		return false;
	}
	*slot = (uintptr_t)module;
	return false;
}

static void take_in(struct module_table *table, struct module *module)
{
	struct module_job *job = &module->job;

	module->object = job->object;
	module->used_ns = clock_monotonic_ns();
	module->too_slow = false;
	if (!module->object) {
		module->state = MODULE_FAILED;
		module->failed_ns = module->used_ns;
	} else if (share(table, module) && module->same->state != MODULE_NEW) {
		module->state = MODULE_TABLE; /* as the other is: module_of() */
	} else if (job->rc == 0) {
		struct module *keeper = module_of(module);
		int rc = unwind_space_add(table->space, &job->table, &keeper->place, NULL);

		/* Without room, perhaps later. */
		keeper->state = rc == 0 ? MODULE_TABLE : MODULE_FAILED;
		keeper->failed_ns = module->used_ns;
		if (module != keeper)
			module->state = MODULE_TABLE;
		table->built++;
	} else {
		module->state = MODULE_NO_TABLE;
	}
	unwind_table_fini(&job->table);
	*job = (struct module_job){ 0 };
}

void module_collect(struct module_table *table)
{
	uint64_t one;

	while (read(table->wake_fd, &one, sizeof(one)) == sizeof(one)) {
		struct module *module = queue_take(&table->done);

		if (module)
			take_in(table, module);
	}
}

bool module_wait(struct module_table *table, const struct module *module, int timeout_ms)
{
	uint64_t until_ns = clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;

	for (;;) {
		struct pollfd fd = { .fd = table->wake_fd, .events = POLLIN };
		uint64_t now_ns;

		module_collect(table);
		if (module->state != MODULE_BUILDING)
			return true;
		now_ns = clock_monotonic_ns();
		if (now_ns >= until_ns)
			return false;
		poll(&fd, 1, (int)((until_ns - now_ns) / 1000000u) + 1);
	}
}

/* File address = address - bias, by the segment that the mapping shows. */
static bool find_bias(
	const struct object *object, const struct process_mapping *mapping, uint64_t *ret)
{
	size_t n;
	const Elf64_Phdr *segments = object_segments(object, &n);

	for (size_t i = 0; i < n; i++) {
		const Elf64_Phdr *s = &segments[i];

		if (s->p_type != PT_LOAD || !(s->p_flags & PF_X))
			continue;
		if (mapping->offset < (s->p_offset & ~PAGE_MASK) ||
			mapping->offset >= s->p_offset + s->p_filesz)
			continue;
		*ret = mapping->start - (s->p_vaddr - s->p_offset + mapping->offset);
		return true;
	}
	return false;
}

void module_describe(const struct module *module, const struct process_mapping *mapping,
	struct unwind_mapping *ret)
{
	const struct module *m = module && module->same ? module->same : module;

	uint64_t bias;

	*ret = (struct unwind_mapping){ .start = mapping->start,
		.end = mapping->end,
		.bias = mapping->start - mapping->offset,
		.kind = UNWIND_MAPPING_NO_TABLE };
	if (mapping->kind == PROCESS_JIT) {
		ret->kind = UNWIND_MAPPING_JIT;
		return;
	}
	if (!m)
		return;
	if (m->state == MODULE_NEW || m->state == MODULE_BUILDING)
		ret->kind = UNWIND_MAPPING_PENDING;
	if (!m->object || !find_bias(m->object, mapping, &bias))
		return;
	ret->bias = bias;
	if (m->state != MODULE_TABLE)
		return;
	ret->kind = UNWIND_MAPPING_TABLE;
	ret->first_page = m->place.first_page;
	ret->first_page_no = m->place.first_page_no;
	ret->n_pages = m->place.n_pages;
}

void module_evict(struct module_table *table, struct module *module)
{
	if (module->same || module->state != MODULE_TABLE)
		return;
	unwind_space_remove(table->space, &module->place);
	module->state = MODULE_NEW;
	table->evicted++;
}
