/* correlate: what of its work a process lets others know. */
#include "sampler/correlate.h"

#include <stdlib.h>

#include "object/object.h"
#include "sampler/sampler_impl.h"
#include "sampler/tls_place.h"

#define SECOND UINT64_C(1000000000)
#define WAIT_MAX_NS (64 * SECOND)
#define YOUNG_WAIT_NS (8 * SECOND)
#define KNOWN_NS (4 * SECOND)
#define AGAIN_NS (SECOND / 5) /* for names of keys that came meanwhile */

/* What a module's file says. */
struct known_place {
	struct tls_place place;
	struct object *object; /* owned; NULL unless it has a place */
};

static struct object *open_module(
	const struct module *module, const struct process *process, const struct process_mapping *m)
{
	struct module opened = *module;
	struct object *object;

	if (module->object)
		return object_ref(module->object);
	opened.job = (struct module_job){ .pid = process->pid, .start = m->start, .end = m->end };
	return module_file_open(&opened, &object) < 0 ? NULL : object;
}

/* Found once for each file, however many processes map it. NULL without memory. */
static const struct known_place *place_of(
	struct sampler *s, const struct process *process, const struct process_mapping *m)
{
	struct module *module = module_of(m->module);
	struct known_place *known;
	bool is_new;
	uint64_t *slot = map_add(&s->tls_places, (uintptr_t)module, &is_new);

	if (!slot)
		return NULL;
	if (!is_new)
		return (const struct known_place *)(uintptr_t)*slot;
	known = calloc(1, sizeof(*known));
	*slot = (uintptr_t)known;
	if (!known)
		return NULL;
	known->object = open_module(module, process, m);
	if (known->object)
		tls_place_find(known->object, &known->place, NULL);
	if (known->place.kind == TLS_PLACE_NONE) {
		object_unref(known->object);
		known->object = NULL;
	}
	return known;
}

static bool find_offset(struct sampler *s, struct process *process, int64_t *ret)
{
	for (size_t i = 0; i < process->n_mappings; i++) {
		struct process_mapping *m = &process->mappings[i];
		const struct known_place *known;
		uint64_t bias;

		if (m->kind != PROCESS_FILE)
			continue;
		if (!m->module)
			m->module = module_find(&s->modules, process->pid, m);
		known = m->module ? place_of(s, process, m) : NULL;
		if (known && known->object &&
			object_bias(known->object, m->start, m->offset, &bias) &&
			tls_place_offset(&known->place, process->pid, bias, ret))
			return true;
	}
	return false;
}

/* Tells the kernel's side where to read. */
static void show(struct sampler *s, struct process *process, struct correlation *c)
{
	struct sample_context_place place = { .exec_id = process->exec_id };
	int64_t offset;

	c->shown = false;
	if (!c->context.has_threads || !find_offset(s, process, &offset))
		return;
	place.tls_offset = offset;
	c->shown = bpf_side_correlate(&s->bpf, process->pid, &place) == 0;
	c->shown_id = process->exec_id;
}

static void look(struct sampler *s, struct process *process, struct correlation *c)
{
	bool is_new = !c->context.address || foreign_context_is_old(process->pid, &c->context);

	if (is_new) {
		foreign_context_fini(&c->context);
		foreign_context_read(process->pid, &c->context, NULL);
	}
	if (is_new || !c->shown || c->shown_id != process->exec_id)
		show(s, process, c);
	if (c->shown)
		c->wait_ns = KNOWN_NS;
	else if (c->wait_ns < WAIT_MAX_NS)
		c->wait_ns = c->wait_ns ? 2 * c->wait_ns : SECOND;
}

void correlate_look(struct sampler *s, struct process *process, uint64_t now_ns)
{
	struct correlation *c = process->correlation;

	if (s->backend != SAMPLER_BPF || process->ended || s->looks_left == 0 ||
		(c && now_ns < c->looked_ns + c->wait_ns))
		return;
	if (!c)
		c = process->correlation = calloc(1, sizeof(*c));
	if (!c)
		return;
	s->looks_left--;
	look(s, process, c);
	c->looked_ns = now_ns;
}

void correlate_forget(struct process *process)
{
	if (process->correlation)
		foreign_context_fini(&process->correlation->context);
	free(process->correlation);
	process->correlation = NULL;
}

bool correlate_read(struct sampler *s, struct process *process, struct view bytes, uint64_t now_ns,
	struct thread_record *ret)
{
	struct correlation *c = process->correlation;
	bool says = thread_record_decode(bytes, c ? &c->context : NULL, ret);

	if (!says || !ret->has_unknown_keys || !c || now_ns < c->looked_ns + AGAIN_NS)
		return says;
	c->wait_ns = 0; /* there is a new name */
	correlate_look(s, process, now_ns);
	return thread_record_decode(bytes, &c->context, ret);
}

const struct foreign_context *correlate_context(struct sampler *s, pid_t pid)
{
	struct process *process = process_find(&s->processes, pid);
	struct correlation *c = process ? process->correlation : NULL;

	/* What has just begun may have had nothing to say yet when it was first sampled. */
	if (c && !c->context.address && c->wait_ns <= YOUNG_WAIT_NS)
		look(s, process, c);
	return c && c->context.address ? &c->context : NULL;
}

void correlate_fini(struct sampler *s)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&s->tls_places, &at));) {
		struct known_place *known = (struct known_place *)(uintptr_t)slot->value;

		if (known)
			object_unref(known->object);
		free(known);
	}
	map_fini(&s->tls_places);
}
