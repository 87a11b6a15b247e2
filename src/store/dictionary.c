/* dictionary: the stacks of a service, each named by a dense number. */
#include "store/dictionary.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/vec.h"
#include "store/dictionary_content.h"
#include "store/dictionary_tables.h"

#define AHEAD 8 /* stacks: what is asked for, memory brings meanwhile */

_Static_assert(
	sizeof(struct dictionary_node) == sizeof(struct stack_node) &&
		offsetof(struct dictionary_node, frame) == offsetof(struct stack_node, location),
	"a node of a dictionary is a node of its tables");

static size_t reserved(const struct store_dictionary *dictionary)
{
	return dictionary->nodes_max * sizeof(struct stack_node);
}

/* The nodes are what stacks_push finds as its array, too large to be moved ever. */
static bool reserve(struct store_dictionary *dictionary)
{
	struct stacks *stacks = &dictionary->tables->stacks;
	void *nodes = mmap(NULL, reserved(dictionary), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (nodes == MAP_FAILED)
		return false;
	stacks->nodes = nodes;
	stacks->cap = dictionary->nodes_max;
	stacks->nodes[0] = (struct stack_node){ 0, UINT32_MAX };
	stacks->count = 1;
	return true;
}

struct store_dictionary *dictionary_new(uint64_t id, size_t nodes_max)
{
	struct store_dictionary *dictionary = calloc(1, sizeof(*dictionary));

	if (!dictionary)
		return NULL;
	dictionary->id = id;
	dictionary->nodes_max = nodes_max;
	dictionary->lost = PROFILE_NONE;
	atomic_init(&dictionary->refs, 1);
	atomic_init(&dictionary->n_nodes, 1);
	dictionary->lock = malloc(sizeof(*dictionary->lock));
	if (dictionary->lock)
		pthread_rwlock_init(dictionary->lock, NULL);
	dictionary->tables = profile_new();
	if (dictionary->lock && dictionary->tables && reserve(dictionary))
		return dictionary;
	dictionary_unref(dictionary);
	return NULL;
}

struct store_dictionary *dictionary_ref(const struct store_dictionary *dictionary_)
{
	struct store_dictionary *dictionary = (struct store_dictionary *)dictionary_;

	atomic_fetch_add(&dictionary->refs, 1);
	return dictionary;
}

void dictionary_unref(struct store_dictionary *dictionary)
{
	if (!dictionary || atomic_fetch_sub(&dictionary->refs, 1) > 1)
		return;
	if (dictionary->tables && dictionary->tables->stacks.nodes) {
		munmap(dictionary->tables->stacks.nodes, reserved(dictionary));
		dictionary->tables->stacks.nodes = NULL;
	}
	profile_free(dictionary->tables);
	intern_fini(&dictionary->frames);
	dictionary_known_fini(&dictionary->known);
	if (dictionary->lock)
		pthread_rwlock_destroy(dictionary->lock);
	free(dictionary->lock);
	free(dictionary);
}

bool dictionary_is_shared(const struct store_dictionary *dictionary)
{
	return atomic_load(&dictionary->refs) > 1;
}

uint64_t dictionary_id(const struct store_dictionary *dictionary)
{
	return dictionary->id;
}

const struct dictionary_node *dictionary_nodes(
	const struct store_dictionary *dictionary, size_t *ret_n)
{
	*ret_n = atomic_load_explicit(&dictionary->n_nodes, memory_order_acquire);
	return (const struct dictionary_node *)dictionary->tables->stacks.nodes;
}

size_t dictionary_frames(const struct store_dictionary *dictionary)
{
	size_t n;

	pthread_rwlock_rdlock(dictionary->lock);
	n = dictionary->tables->n_locations;
	pthread_rwlock_unlock(dictionary->lock);
	return n;
}

size_t dictionary_bytes(const struct store_dictionary *dictionary)
{
	const struct profile *tables = dictionary->tables;
	size_t bytes = sizeof(*dictionary) + sizeof(*tables);

	pthread_rwlock_rdlock(dictionary->lock);
	bytes += tables->stacks.count * sizeof(*tables->stacks.nodes);
	bytes += tables->stacks.cap_slots * sizeof(*tables->stacks.slots);
	bytes += tables->strings.bytes.used + tables->strings.cap * sizeof(*tables->strings.at);
	bytes += tables->strings.cap_hashes * sizeof(*tables->strings.hashes);
	bytes += tables->cap_functions * sizeof(*tables->functions);
	bytes += tables->cap_locations * sizeof(*tables->locations);
	bytes += tables->cap_lines * sizeof(*tables->lines);
	bytes += (tables->strings.set.cap + tables->function_set.cap + tables->location_set.cap +
			 dictionary->frames.cap) *
		 sizeof(struct intern_slot);
	bytes += dictionary->known.cap * sizeof(*dictionary->known.slots);
	pthread_rwlock_unlock(dictionary->lock);
	return bytes;
}

/* ---- adding ---- */

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

int dictionary_pass_init(struct dictionary_pass *pass, struct store_dictionary *into,
	const struct profile *from, struct err *err)
{
	*pass = (struct dictionary_pass){ .into = into, .from = from };
	pass->nodes = vec_zeroed((from->stacks.count + 1) * sizeof(*pass->nodes));
	pass->frames = vec_zeroed((from->n_locations + 1) * sizeof(*pass->frames));
	pass->texts = vec_zeroed((from->strings.count + 1) * sizeof(*pass->texts));
	pass->frame_contents = malloc((from->n_locations + 1) * sizeof(*pass->frame_contents));
	pass->contents = malloc((from->stacks.count + 1) * sizeof(*pass->contents));
	if (!pass->nodes || !pass->frames || !pass->texts || !pass->frame_contents ||
		!pass->contents)
		return no_memory(err);
	dictionary_content_all(from, pass->frame_contents, pass->contents);
	return 0;
}

void dictionary_pass_fini(struct dictionary_pass *pass)
{
	free(pass->nodes);
	free(pass->frames);
	free(pass->texts);
	free(pass->frame_contents);
	free(pass->contents);
	free(pass->path);
	*pass = (struct dictionary_pass){ 0 };
}

static uint32_t frame_of(struct dictionary_pass *pass, uint32_t location)
{
	if (!pass->frames[location])
		pass->frames[location] = dictionary_tables_frame(pass, location) + 1;
	return pass->frames[location] - 1;
}

static int too_many(const struct store_dictionary *dictionary, struct err *err)
{
	return err_set(err, ERR_LIMIT,
		"the service has more than %zu frames in distinct stacks this week, which is the "
		"limit: send fewer generated names, or split the service",
		dictionary->nodes_max);
}

/* Up to the nearest stack that is known, then down again: stacks may be very deep. */
static int add_stack(struct dictionary_pass *pass, uint32_t id, uint32_t *ret, struct err *err)
{
	const struct stack_node *nodes = pass->from->stacks.nodes;
	struct stacks *stacks = &pass->into->tables->stacks;
	uint32_t stack = STACK_EMPTY;
	size_t depth = 0;

	for (; id != STACK_EMPTY && !pass->nodes[id]; id = nodes[id].parent) {
		if (!VEC_FITS(pass->path, pass->cap_path, depth + 1))
			return no_memory(err);
		pass->path[depth++] = id;
	}
	if (id != STACK_EMPTY)
		stack = pass->nodes[id] - 1;
	if (stacks->count + depth + 1 > pass->into->nodes_max)
		return too_many(pass->into, err);
	while (depth-- > 0) {
		uint32_t at = pass->path[depth], frame = frame_of(pass, nodes[at].location);

		stack = frame == PROFILE_NONE ? STACK_NONE : stacks_push(stacks, stack, frame);
		if (stack == STACK_NONE)
			return no_memory(err);
		pass->nodes[at] = stack + 1;
	}
	*ret = stack;
	return 0;
}

static int find_stack(struct dictionary_pass *pass, uint32_t id, uint32_t *ret, struct err *err)
{
	struct dictionary_known *known = &pass->into->known;
	int rc = 0;

	*ret = dictionary_known_find(known, pass->contents[id]);
	if (*ret) {
		pass->nodes[id] = *ret + 1;
		return 0;
	}
	rc = add_stack(pass, id, ret, err);
	if (rc == 0 && *ret != STACK_EMPTY)
		dictionary_known_add(known, pass->contents[id], *ret);
	return rc;
}

int dictionary_pass_stacks(struct dictionary_pass *pass, const uint32_t *stacks, size_t n,
	uint32_t *ret_stacks, struct err *err)
{
	struct store_dictionary *into = pass->into;
	int rc = 0;

	pthread_rwlock_wrlock(into->lock);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (i + AHEAD < n)
			dictionary_known_ask(&into->known, pass->contents[stacks[i + AHEAD]]);
		rc = find_stack(pass, stacks[i], &ret_stacks[i], err);
	}
	atomic_store_explicit(&into->n_nodes, into->tables->stacks.count, memory_order_release);
	pthread_rwlock_unlock(into->lock);
	return rc;
}
