/* own_names: names for the addresses of this process, without surprising it. */
#include "inproc/own_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "inproc/own_file.h"
#include "inproc/own_kernel.h"
#include "model/frames.h"
#include "model/profile.h"
#include "object/object.h"
#include "symbol/debugfile.h"
#include "symbol/demangle.h"
#include "symbol/elfsyms.h"
#include "symbol/gonames.h"
#include "symbol/perfmap.h"

/* Where the names of one mapping come from; any of them may be NULL. */
struct source {
	struct symtab *symbols;
	struct gonames *go;
	struct perfmap *generated;
};

static void add_debug_file(struct elfsyms *symbols, const struct object *object)
{
	struct object *debug;

	if (debugfile_open(object, DEBUGFILE_DIR, &debug, NULL) < 0 &&
		debugfile_open_mini(object, &debug, NULL) < 0)
		return;
	elfsyms_add(symbols, debug, NULL);
	object_unref(debug);
}

static void open_object(const struct own_file *file, struct source *source)
{
	struct elfsyms symbols = { 0 };
	struct object *object;

	if (own_file_open(file, &object, NULL) < 0)
		return;
	if (gonames_open(object, &source->go, NULL) < 0)
		source->go = NULL;
	if (elfsyms_add(&symbols, object, NULL) == 0 && !symbols.has_symtab)
		add_debug_file(&symbols, object);
	elfsyms_add_plt(&symbols, object);
	if (symtab_build(&symbols.builder, &source->symbols, NULL) < 0)
		source->symbols = NULL;
	elfsyms_fini(&symbols);
	object_unref(object);
}

static void open_generated(struct source *source)
{
	if (perfmap_open(getpid(), &source->generated, NULL) < 0)
		source->generated = NULL;
	else
		perfmap_refresh(source->generated, NULL);
}

static void close_source(struct source *source)
{
	symtab_unref(source->symbols);
	gonames_free(source->go);
	perfmap_free(source->generated);
}

static void name_as(
	struct profile *profile, uint32_t location, struct view name, struct view system)
{
	struct function function = { .name = profile_string(profile, name),
		.system_name = profile_string(profile, system) };
	struct line line = { .function = profile_function(profile, &function) };

	if (line.function != PROFILE_NONE)
		profile_name_location(profile, location, &line, 1);
}

static void name_unknown(struct profile *profile, uint32_t location)
{
	const struct location *l = &profile->locations[location];
	struct view file = frames_module(profile_text(profile, profile->mappings[l->mapping].file));
	BUF_AUTO name = { 0 };

	if (l->mapping == 0)
		buf_add_text(&name, "[unknown]");
	else
		buf_add_format(&name, "%.*s+0x%llx", (int)file.len, file.at,
			(unsigned long long)l->address);
	name_as(profile, location, buf_view(&name), buf_view(&name));
}

static bool name_from_symbols(
	struct profile *profile, uint32_t location, const struct symtab *symbols)
{
	const struct symtab_row *row = symtab_find(symbols, profile->locations[location].address);
	BUF_AUTO name = { 0 };

	if (!row)
		return false;
	demangle(symtab_name(symbols, row), &name);
	name_as(profile, location, buf_view(&name), symtab_name(symbols, row));
	return true;
}

static bool name_from_go(struct profile *profile, uint32_t location, const struct gonames *go)
{
	struct gonames_frame frames[GONAMES_INLINED_MAX];
	struct line lines[GONAMES_INLINED_MAX];
	size_t n = gonames_find(go, profile->locations[location].address, frames);

	for (size_t i = 0; i < n; i++) {
		struct function function = { .name = profile_string(profile, frames[i].name),
			.system_name = profile_string(profile, frames[i].name),
			.file = profile_string(profile, frames[i].file),
			.start_line = frames[i].start_line };

		lines[i] = (struct line){ .function = profile_function(profile, &function),
			.line = frames[i].line };
		if (lines[i].function == PROFILE_NONE)
			return false;
	}
	if (n)
		profile_name_location(profile, location, lines, (uint32_t)n);
	return n > 0;
}

static bool name_generated(
	struct profile *profile, uint32_t location, const struct perfmap *generated)
{
	struct code_hit hit;

	if (!perfmap_find(generated, profile->locations[location].address, &hit))
		return false;
	name_as(profile, location, hit.name, hit.name);
	return true;
}

static bool name_one(struct profile *profile, uint32_t location, const struct source *source)
{
	return (source->go && name_from_go(profile, location, source->go)) ||
	       (source->symbols && name_from_symbols(profile, location, source->symbols)) ||
	       (source->generated && name_generated(profile, location, source->generated));
}

static void resolve_mapping(struct profile *profile, uint32_t mapping, const struct own_file *file)
{
	struct source source = { 0 };
	bool any = false;

	for (uint32_t i = 0; i < profile->n_locations; i++) {
		if (profile->locations[i].mapping != mapping || profile->locations[i].n_lines)
			continue;
		if (!any && file)
			open_object(file, &source);
		else if (!any && mapping)
			open_generated(&source);
		any = true;
		if (!name_one(profile, i, &source))
			name_unknown(profile, i);
	}
	if (any && mapping && !profile->failed) {
		struct mapping named = profile->mappings[mapping];

		named.has_functions = true;
		profile_set_mapping(profile, mapping, &named);
	}
	close_source(&source);
}

int own_names_resolve(
	struct profile *profile, const struct own_file *const *file_of, size_t n, struct err *err)
{
	uint32_t n_mappings = profile->n_mappings; /* the kernel's modules add some */

	for (uint32_t i = 0; i < n_mappings; i++)
		if (own_kernel_is(profile, i))
			own_kernel_name(profile, i);
		else
			resolve_mapping(profile, i, i < n ? file_of[i] : NULL);
	return profile->failed ? err_set(err, ERR_NOMEM, "out of memory for the names") : 0;
}
