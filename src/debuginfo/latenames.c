/* latenames: names for frames that came as addresses. */
#include "debuginfo/latenames.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "debuginfo/shelf.h"
#include "model/place.h"
#include "model/profile.h"
#include "object/object.h"
#include "symbol/symbol.h"

#define NO_FOLDER "/nonexistent" /* files of debug data come from the shelf alone */

struct latenames {
	struct shelf *shelf;
	void (*missing)(void *owner, struct view tenant, struct view build_id);
	void *owner;
	struct symbolizer *symbolizer; /* owned; under the lock */
	pthread_mutex_t lock;
};

int latenames_new(const struct latenames_options *options, struct latenames **ret, struct err *err)
{
	struct symbolizer_options how = { .cache_dir = options->cache_dir,
		.cache_max = LATENAMES_CACHE_BYTES,
		.debug_dir = NO_FOLDER,
		.dwarf_timeout_ms =
			options->timeout_ms ? options->timeout_ms : LATENAMES_TIMEOUT_MS,
		.by_file = true,
		.unknown = SYMBOL_UNKNOWN_LEFT };
	struct latenames *names = calloc(1, sizeof(*names));
	int rc = names ? symbolizer_new(&how, &names->symbolizer, err)
		       : err_set(err, ERR_NOMEM, "out of memory");

	*ret = NULL;
	if (rc < 0) {
		free(names);
		return rc;
	}
	names->shelf = options->shelf;
	names->missing = options->missing;
	names->owner = options->owner;
	pthread_mutex_init(&names->lock, NULL);
	*ret = names;
	return 0;
}

void latenames_free(struct latenames *names)
{
	if (!names)
		return;
	symbolizer_free(names->symbolizer);
	pthread_mutex_destroy(&names->lock);
	free(names);
}

/* ---- one profile ---- */

struct looking {
	struct latenames *names;
	struct view tenant;
	struct profile *profile;
	struct symbol_source *sources; /* owned; of each mapping */
	size_t n;                      /* mappings that there were at first */
	uint32_t *own; /* owned; of a mapping of offsets, one of the file's addresses */
	bool found;    /* some file is there */
};

static size_t count_unnamed(const struct profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_locations; i++)
		n += profile->locations[i].n_lines == 0;
	return n;
}

/* Linkers other than lld put what a program executes at the addresses that are its offsets in the
 * file. */
static bool keeps_offsets(const struct object *object)
{
	const Elf64_Shdr *comment = object_section(object, ".comment");
	BUF_AUTO text = { 0 };

	return !comment || comment->sh_size > 65536 ||
	       object_read_section(object, comment, &text, NULL) < 0 ||
	       !memmem(text.at, text.len, "LLD", 3);
}

/* The file's own address of an offset. A file of split off debug data has its program's segments
 * without their offsets. */
static bool to_own(const struct object *object, const struct object *program, uint64_t offset,
	uint64_t *ret_address)
{
	size_t n;
	const Elf64_Phdr *segments = object_segments(object, &n);
	bool is_split = !program;

	for (size_t i = 0; i < n; i++)
		is_split &= segments[i].p_type != PT_LOAD || !(segments[i].p_flags & PF_X) ||
			    segments[i].p_filesz == 0;
	if (!is_split)
		return object_offset_to_vaddr(program ? program : object, offset, ret_address);
	for (size_t i = 0; i < n; i++)
		if (segments[i].p_type == PT_LOAD && (segments[i].p_flags & PF_X) &&
			offset >= segments[i].p_vaddr &&
			offset - segments[i].p_vaddr < segments[i].p_memsz) {
			*ret_address = offset;
			return keeps_offsets(object);
		}
	return false;
}

/* A mapping of the same file whose addresses are the file's own. */
static uint32_t own_mapping(struct looking *l, uint32_t id)
{
	struct mapping mapping = l->profile->mappings[id];

	mapping.limit = 0;
	return profile_mapping(l->profile, &mapping);
}

static void move_locations(struct looking *l, uint32_t mapping, const struct object *object,
	const struct object *program)
{
	for (uint32_t i = 0; i < l->profile->n_locations; i++) {
		const struct location *at = &l->profile->locations[i];
		uint64_t address;

		if (at->mapping == mapping && at->n_lines == 0 &&
			to_own(object, program, at->address, &address))
			profile_move_location(l->profile, i, l->own[mapping], address);
	}
}

static void find_file(struct looking *l, uint32_t mapping)
{
	struct view id = profile_text(l->profile, l->profile->mappings[mapping].build_id);
	struct object *object, *program = NULL;

	if (shelf_object(l->names->shelf, l->tenant, id, &object, NULL) < 0) {
		if (l->names->missing)
			l->names->missing(l->names->owner, l->tenant, id);
		return;
	}
	l->found = true;
	l->sources[mapping] = (struct symbol_source){ SYMBOL_OBJECT, .object = object };
	if (!place_is_offset(&l->profile->mappings[mapping]))
		return;
	if (shelf_program(l->names->shelf, l->tenant, id, &program, NULL) < 0)
		program = NULL;
	l->own[mapping] = own_mapping(l, mapping);
	if (l->own[mapping] != PROFILE_NONE)
		move_locations(l, mapping, object, program);
	object_unref(program);
}

/* Mappings whose locations want names. */
static void find_files(struct looking *l, const bool *is_wanted)
{
	for (uint32_t i = 1; i < l->n; i++)
		if (is_wanted[i] &&
			debugelf_is_id(profile_text(l->profile, l->profile->mappings[i].build_id)))
			find_file(l, i);
}

/* Mappings that came to be while addresses were moved have the file of those they were moved from.
 */
static void widen_sources(struct looking *l)
{
	struct symbol_source *wider = calloc(l->profile->n_mappings + 1, sizeof(*wider));

	if (!wider)
		return;
	for (uint32_t i = 1; i < l->n; i++)
		if (l->sources[i].kind && l->own[i] && l->own[i] != PROFILE_NONE)
			wider[l->own[i]] = l->sources[i];
		else if (l->sources[i].kind)
			wider[i] = l->sources[i];
	symbol_resolve(l->names->symbolizer, l->profile, wider, NULL, NULL);
	free(wider);
}

static void look(struct looking *l)
{
	struct timespec until;
	bool *is_wanted = calloc(l->n + 1, sizeof(*is_wanted));

	l->sources = calloc(l->n + 1, sizeof(*l->sources));
	l->own = calloc(l->n + 1, sizeof(*l->own));
	for (size_t i = 0; is_wanted && i < l->profile->n_locations; i++)
		is_wanted[l->profile->locations[i].mapping] |=
			l->profile->locations[i].n_lines == 0;
	if (is_wanted && l->sources && l->own)
		find_files(l, is_wanted);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LATENAMES_WAIT_MS / 1000;
	if (l->found && pthread_mutex_clocklock(&l->names->lock, CLOCK_MONOTONIC, &until) == 0) {
		widen_sources(l);
		pthread_mutex_unlock(&l->names->lock);
	}
	for (size_t i = 0; l->sources && i < l->n; i++)
		object_unref(l->sources[i].object);
	free(l->sources);
	free(l->own);
	free(is_wanted);
}

void latenames_apply(struct latenames *names, struct view tenant, struct profile *profile,
	struct latenames_figures *ret)
{
	struct looking looking = {
		.names = names, .tenant = tenant, .profile = profile, .n = profile->n_mappings
	};
	size_t n = count_unnamed(profile);

	ret->addresses = n;
	if (n && names && !profile->failed) {
		look(&looking);
		n = count_unnamed(profile);
	}
	ret->unnamed = n;
}
