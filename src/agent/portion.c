/* portion: what one process has of a window of the whole host's profile. */
#include "agent/portion.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/copy.h"

#define PORTION_LABELS_MAX 32

struct sharing {
	const struct profile *whole;
	uint32_t pid_key, process_key, thread_key; /* string ids; STRINGS_NONE if not there */
	struct portions *into;
	struct copy *copies; /* owned; one a portion */
	size_t cap_copies, n_copies;
	struct map portion_of; /* (pid, process) to the portion's index */
	struct err *err;
};

static int no_memory(struct sharing *s)
{
	return err_set(s->err, ERR_NOMEM, "out of memory");
}

static const struct label *find(const struct sharing *s, uint32_t label_set, uint32_t key)
{
	const struct label_set *set = &s->whole->label_sets[label_set];

	for (uint32_t i = 0; i < set->count; i++)
		if (s->whole->labels[set->first + i].key == key)
			return &s->whole->labels[set->first + i];
	return NULL;
}

static int add_portion(struct sharing *s, const struct portion *wanted)
{
	struct portion *portion = VEC_ADD(s->into->at, s->into->n, s->into->cap);
	struct copy *copy = VEC_ADD(s->copies, s->n_copies, s->cap_copies);

	if (!portion || !copy)
		return no_memory(s);
	*portion = *wanted;
	*copy = (struct copy){ 0 };
	portion->profile = profile_new();
	if (!portion->profile)
		return no_memory(s);
	if (copy_init(copy, s->whole, portion->profile, s->err))
		return s->err->code;
	if (copy_header(copy, s->err))
		return s->err->code;
	portion->profile->accounting = (struct accounting){ 0 }; /* it is the host's */
	return 0;
}

static int portion_of(struct sharing *s, uint32_t label_set, size_t *ret)
{
	const struct label *pid = find(s, label_set, s->pid_key),
			   *process = find(s, label_set, s->process_key);
	struct portion wanted = { .pid = pid ? (pid_t)pid->num : 0,
		.process = process ? profile_text(s->whole, process->str) : VIEW("") };
	bool is_new;
	uint64_t *slot = map_add(&s->portion_of,
		hash_pair((uint64_t)wanted.pid, process ? process->str : 0), &is_new);

	if (!slot)
		return no_memory(s);
	if (is_new) {
		*slot = s->into->n;
		if (add_portion(s, &wanted))
			return ERR_NOMEM;
	}
	*ret = (size_t)*slot;
	return 0;
}

/* Only what its threads said of their work stays on a sample. */
static uint32_t said_labels(const struct sharing *s, struct copy *copy, uint32_t label_set)
{
	const struct label_set *set = &s->whole->label_sets[label_set];
	struct label labels[PORTION_LABELS_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < set->count && n < PORTION_LABELS_MAX; i++) {
		const struct label *label = &s->whole->labels[set->first + i];

		if (label->str && label->key != s->process_key && label->key != s->thread_key &&
			label->key != s->pid_key)
			labels[n++] = (struct label){ .key = copy_string(copy, label->key),
				.str = copy_string(copy, label->str) };
	}
	return profile_labels(copy->into, labels, n);
}

static int share_out(struct sharing *s)
{
	const struct profile *whole = s->whole;

	for (size_t i = 0; i < whole->n_samples; i++) {
		const struct sample *sample = &whole->samples[i];
		struct copy *copy;
		size_t index;

		if (portion_of(s, sample->labels, &index))
			return ERR_NOMEM;
		copy = &s->copies[index];
		profile_add(copy->into, copy_stack(copy, sample->stack),
			said_labels(s, copy, sample->labels), &whole->values[i * whole->n_types]);
		if (copy->into->failed)
			return no_memory(s);
	}
	return 0;
}

int portions_make(const struct profile *whole, struct portions *ret, struct err *err)
{
	struct err unseen = { 0 };
	struct sharing s = { .whole = whole, .into = ret, .err = err ? err : &unseen };
	int code;

	*ret = (struct portions){ 0 };
	s.pid_key = strings_find(&whole->strings, VIEW("pid"));
	s.process_key = strings_find(&whole->strings, VIEW("process"));
	s.thread_key = strings_find(&whole->strings, VIEW("thread"));
	code = share_out(&s);
	for (size_t i = 0; i < s.n_copies; i++)
		copy_fini(&s.copies[i]);
	free(s.copies);
	map_fini(&s.portion_of);
	if (code)
		portions_fini(ret);
	return code;
}

void portions_fini(struct portions *portions)
{
	for (size_t i = 0; i < portions->n; i++)
		profile_free(portions->at[i].profile);
	free(portions->at);
	*portions = (struct portions){ 0 };
}
