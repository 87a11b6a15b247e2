/* known: what is known of each build that was met, within a budget. */
#include "symbol/known.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

static void free_build(struct known_build *build)
{
	objnames_fini(&build->names);
	free(build);
}

void known_fini(struct known *known)
{
	for (size_t i = 0; i < known->n; i++)
		free_build(known->builds[i]);
	free(known->builds);
	*known = (struct known){ 0 };
}

struct known_build *known_of(struct known *known, const struct object *object,
	const struct objtables_options *options, bool *ret_new)
{
	char text[OBJKEY_MAX];
	bool shared;
	uint64_t key = objkey_make(object, options->debug_dir, options->by_file, text, &shared)
			       ? hash_view(view_of(text)) | 1
			       : 0;
	struct known_build *build, **added;

	*ret_new = true;
	for (size_t i = 0; key && i < known->n; i++) {
		build = known->builds[i];
		if (build->key == key) {
			*ret_new = build->round != known->round;
			build->round = known->round;
			return build;
		}
	}
	build = calloc(1, sizeof(*build));
	added = build ? VEC_ADD(known->builds, known->n, known->cap) : NULL;
	if (!added) {
		free(build);
		return NULL;
	}
	build->key = key;
	build->round = known->round;
	*added = build;
	return build;
}

/* What was not used longest; of those that have tables, if only they are meant. NULL: none. */
static struct known_build **oldest(struct known *known, bool with_tables)
{
	struct known_build **found = NULL;

	for (size_t i = 0; i < known->n; i++)
		if ((!with_tables || known->builds[i]->names.tables.loaded) &&
			(!found || known->builds[i]->round < (*found)->round))
			found = &known->builds[i];
	return found;
}

static void keep_those_with_key(struct known *known)
{
	size_t n = 0;

	for (size_t i = 0; i < known->n; i++)
		if (known->builds[i]->key)
			known->builds[n++] = known->builds[i];
		else
			free_build(known->builds[i]);
	known->n = n;
}

void known_trim(struct known *known)
{
	struct known_build **found;
	size_t bytes = 0;

	keep_those_with_key(known);
	for (size_t i = 0; i < known->n; i++)
		bytes += objnames_bytes(&known->builds[i]->names);
	while (bytes > known->bytes_max && (found = oldest(known, true))) {
		bytes -= objtables_bytes(&(*found)->names.tables);
		objtables_unload(&(*found)->names.tables);
	}
	while (bytes > known->bytes_max && (found = oldest(known, false))) {
		bytes -= objnames_bytes(&(*found)->names);
		free_build(*found);
		*found = known->builds[--known->n];
	}
}
