/* window: samples added up to a profile. */
#include "sampler/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/vec.h"
#include "object/object.h"
#include "proc/maps.h"
#include "sampler/module.h"
#include "sampler/process.h"
#include "sampler/thread_record.h"

#define LABELS_MAX 32

static uint32_t add_mapping(
	struct window *w, const struct mapping *mapping, const struct symbol_source *source)
{
	uint32_t id = profile_mapping(w->profile, mapping);

	if (id == PROFILE_NONE || !VEC_FITS(w->sources, w->cap_sources, id + 1))
		return PROFILE_NONE;
	while (w->n_sources <= id)
		w->sources[w->n_sources++] = (struct symbol_source){ 0 };
	if (source)
		w->sources[id] = *source;
	return id;
}

int window_init(struct window *w, int64_t period_ns, struct err *err)
{
	struct profile *profile = profile_new();
	struct mapping kernel = { .limit = UINT64_MAX }, unknown = { 0 };
	struct symbol_source source = { .kind = SYMBOL_KERNEL };

	*w = (struct window){ .profile = profile, .period_ns = period_ns };
	if (!profile)
		return err_set(err, ERR_NOMEM, "out of memory");
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type.type = profile_string(profile, VIEW("cpu"));
	profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
	profile->period = period_ns;
	profile->time_ns = (int64_t)clock_realtime_ns();
	w->start_ns = clock_monotonic_ns();
	kernel.file = profile_string(profile, VIEW("[kernel.kallsyms]"));
	kernel.start = UINT64_C(1) << 63;
	unknown.file = profile_string(profile, VIEW("[unknown]"));
	w->kernel_mapping = add_mapping(w, &kernel, &source);
	w->unknown_mapping = add_mapping(w, &unknown, NULL);
	if (!profile->failed && w->n_sources)
		return 0;
	window_fini(w);
	return err_set(err, ERR_NOMEM, "out of memory");
}

void window_fini(struct window *w)
{
	for (size_t i = 0; i < w->n_held; i++)
		object_unref(w->held[i]);
	free(w->held);
	profile_free(w->profile);
	free(w->sources);
	map_fini(&w->mapping_of);
	map_fini(&w->labels_of);
	*w = (struct window){ 0 };
}

/* The addresses of its code, as the file says. */
static void describe_object(const struct object *object, struct mapping *ret)
{
	size_t n;
	const Elf64_Phdr *segments = object_segments(object, &n);
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		const Elf64_Phdr *s = &segments[i];

		if (s->p_type != PT_LOAD || !(s->p_flags & PF_X))
			continue;
		if (first) {
			ret->start = s->p_vaddr & ~4095ull;
			ret->offset = s->p_offset & ~4095ull;
		}
		ret->limit = s->p_vaddr + s->p_memsz;
		first = false;
	}
}

/* The window keeps the object for as long as its sources are used. */
static bool hold(struct window *w, struct object *object)
{
	struct object **slot = VEC_ADD(w->held, w->n_held, w->cap_held);

	if (slot)
		*slot = object_ref(object);
	return slot;
}

static uint32_t make_module_mapping(struct window *w, const struct module *module)
{
	struct symbol_source source = { .kind = SYMBOL_NONE };
	struct mapping mapping = { 0 };
	bool deleted;
	struct view path = maps_path(view_of(module->path), &deleted);

	mapping.file = profile_string(w->profile, path);
	if (module->object) {
		BUF_AUTO id = { 0 };

		describe_object(module->object, &mapping);
		object_build_id_hex(module->object, &id);
		mapping.build_id = profile_string(w->profile, buf_view(&id));
		if (hold(w, module->object))
			source = (struct symbol_source){ .kind = SYMBOL_OBJECT,
				.object = module->object };
	}
	return add_mapping(w, &mapping, &source);
}

/* Two processes may have generated code at the same addresses; the offset tells them apart. */
static uint32_t make_jit_mapping(
	struct window *w, const struct process *process, const struct process_mapping *pm)
{
	struct symbol_source source = { .kind = SYMBOL_JIT, .perfmap = process->perfmap };
	struct mapping mapping = { .start = pm->start, .limit = pm->end };

	mapping.file = profile_string(w->profile, VIEW("[jit]"));
	for (size_t i = 1; i < w->n_sources; i++) {
		const struct mapping *other = &w->profile->mappings[i];

		if (other->file == mapping.file && other->start == mapping.start &&
			other->limit == mapping.limit)
			mapping.offset = (uint64_t)process->pid;
	}
	return add_mapping(w, &mapping, &source);
}

static uint32_t mapping_id(
	struct window *w, const struct process *process, const struct process_mapping *pm)
{
	struct module *module = pm->module ? module_of(pm->module) : NULL;
	uint64_t key = pm->kind == PROCESS_JIT ? hash_pair(pm->start, (uint64_t)process->pid)
					       : (uintptr_t)module;
	uint64_t *slot;
	bool is_new;

	if (pm->kind != PROCESS_JIT && !module)
		return w->unknown_mapping;
	/* A file that could not be opened at first may have been later. */
	if (module && module->object)
		key ^= 1;
	slot = map_add(&w->mapping_of, key, &is_new);
	if (!slot)
		return PROFILE_NONE;
	if (is_new) {
		uint32_t id =
			module ? make_module_mapping(w, module) : make_jit_mapping(w, process, pm);

		if (id == PROFILE_NONE)
			map_remove(&w->mapping_of, key);
		else
			*slot = id;
		return id;
	}
	return (uint32_t)*slot;
}

/* The program itself lies below its libraries. */
static void note_lead(struct window *w, const struct process *process)
{
	for (size_t i = 0; i < process->n_mappings; i++) {
		const struct process_mapping *pm = &process->mappings[i];
		const struct module *module = pm->module ? module_of(pm->module) : NULL;
		const uint64_t *id;

		if (pm->kind != PROCESS_FILE)
			continue;
		id = module ? map_find(&w->mapping_of, (uintptr_t)module ^ (module->object != NULL))
			    : NULL;
		if (id)
			w->lead = (uint32_t)*id;
		return;
	}
}

void window_lead(struct window *w)
{
	struct profile *p = w->profile;
	struct mapping first = p->mappings[1];
	struct symbol_source source = w->sources[1];

	if (w->lead <= 1)
		return;
	for (uint32_t i = 0; i < p->n_locations; i++) {
		uint32_t mapping = p->locations[i].mapping;

		if (mapping == 1 || mapping == w->lead)
			profile_move_location(
				p, i, mapping == 1 ? w->lead : 1, p->locations[i].address);
	}
	profile_set_mapping(p, 1, &p->mappings[w->lead]);
	profile_set_mapping(p, w->lead, &first);
	w->sources[1] = w->sources[w->lead];
	w->sources[w->lead] = source;
	w->lead = 1;
}

static uint32_t user_location(
	struct window *w, const struct window_sample *sample, uint64_t address, uint64_t now_ns)
{
	struct process_mapping *pm = sample->process ? process_at(sample->process, address) : NULL;
	struct location location = { .address = address, .mapping = w->unknown_mapping };
	struct unwind_mapping where;

	if (pm) {
		location.mapping = mapping_id(w, sample->process, pm);
		if (location.mapping == PROFILE_NONE)
			return PROFILE_NONE;
	}
	if (pm && pm->kind != PROCESS_JIT) {
		module_describe(pm->module, pm, &where);
		location.address -= where.bias;
	}
	if (pm && pm->module)
		module_of(pm->module)->used_ns = now_ns;
	return profile_location(w->profile, &location, NULL);
}

/* "[truncated: depth]": the picture must not show a cut stack as if it began there. */
static uint32_t truncated_location(struct window *w, enum truncated_reason reason)
{
	BUF_AUTO name = { 0 };

	if (!w->truncated[reason]) {
		buf_add_format(&name, "[truncated: %s]", truncated_name(reason));
		w->truncated[reason] = profile_named(w->profile, buf_view(&name)) + 1;
	}
	return w->truncated[reason] - 1;
}

static uint32_t push(struct window *w, uint32_t stack, uint32_t location)
{
	if (stack == PROFILE_NONE || location == PROFILE_NONE)
		return PROFILE_NONE;
	return profile_push(w->profile, stack, location);
}

static uint32_t add_stack(struct window *w, const struct window_sample *s, uint64_t now_ns)
{
	uint32_t stack = STACK_EMPTY;

	if (s->truncated >= 0)
		stack = push(w, stack, truncated_location(w, (enum truncated_reason)s->truncated));
	for (size_t i = s->n_user; i-- && stack != PROFILE_NONE;)
		stack = push(w, stack, user_location(w, s, s->user[i], now_ns));
	for (size_t i = s->n_kernel; i-- && stack != PROFILE_NONE;) {
		struct location location = { .mapping = w->kernel_mapping };

		location.address = s->kernel[i] - (i > 0);
		stack = push(w, stack, profile_location(w->profile, &location, NULL));
	}
	return stack;
}

static void text_label(struct window *w, struct label *label, struct view key, struct view text)
{
	*label = (struct label){ .key = profile_string(w->profile, key),
		.str = profile_string(w->profile, text) };
}

static uint32_t make_labels(struct window *w, const struct window_sample *s)
{
	struct label labels[LABELS_MAX + 5 + THREAD_RECORD_LABELS_MAX];
	const struct thread_record *says = s->says;
	size_t n = 0;

	text_label(w, &labels[n++], VIEW("process"), s->process_name);
	labels[n++] =
		(struct label){ .key = profile_string(w->profile, VIEW("pid")), .num = s->pid };
	text_label(w, &labels[n++], VIEW("thread"), s->thread_name);
	for (size_t i = 0; i < w->n_labels && n < LABELS_MAX; i++)
		text_label(w, &labels[n++], view_of(w->labels[i].key), view_of(w->labels[i].value));
	if (says && says->trace_id[0])
		text_label(w, &labels[n++], VIEW("trace_id"), view_of(says->trace_id));
	if (says && says->span_id[0])
		text_label(w, &labels[n++], VIEW("span_id"), view_of(says->span_id));
	for (size_t i = 0; says && i < says->n_labels; i++)
		text_label(w, &labels[n++], says->labels[i].key, says->labels[i].value);
	return profile_labels(w->profile, labels, n);
}

static uint64_t hash_said(uint64_t key, const struct thread_record *says)
{
	key = hash_pair(key, hash_view(view_of(says->trace_id)));
	key = hash_pair(key, hash_view(view_of(says->span_id)));
	for (size_t i = 0; i < says->n_labels; i++)
		key = hash_pair(hash_pair(key, hash_view(says->labels[i].key)),
			hash_view(says->labels[i].value));
	return key;
}

static uint32_t labels_of(struct window *w, const struct window_sample *s)
{
	uint64_t key =
		hash_pair(hash_pair(s->pid, hash_view(s->process_name)), hash_view(s->thread_name));
	bool is_new;
	uint64_t *slot;

	if (s->says)
		key = hash_said(key, s->says);
	slot = map_add(&w->labels_of, key, &is_new);
	if (!slot)
		return PROFILE_NONE;
	if (is_new)
		*slot = make_labels(w, s);
	return (uint32_t)*slot;
}

int window_add(struct window *w, const struct window_sample *sample, uint64_t now_ns)
{
	int64_t values[2] = { 1, w->period_ns };
	uint32_t stack, labels;

	w->accounting.attempted++;
	stack = add_stack(w, sample, now_ns);
	if (w->lead_pid && sample->process && (pid_t)sample->pid == w->lead_pid)
		note_lead(w, sample->process);
	labels = labels_of(w, sample);
	if (stack != PROFILE_NONE && labels != PROFILE_NONE)
		profile_add(w->profile, stack, labels, values);
	if (stack == PROFILE_NONE || labels == PROFILE_NONE || w->profile->failed) {
		w->accounting.lost[LOST_NO_MEMORY]++;
		return ERR_NOMEM;
	}
	if (sample->truncated >= 0)
		w->accounting.truncated[sample->truncated]++;
	else
		w->accounting.complete++;
	return 0;
}
