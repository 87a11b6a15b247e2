/*
 * profile: what every source makes, every codec reads or writes, every renderer draws.
 *
 * The words are pprof's: a sample is a stack, labels and a value for each sample type; a
 * stack is made of locations; a location is an address in a mapping and, once it has a
 * name, one line per function there: the innermost inlined one first, the caller last.
 *
 * Everything is interned and named by a number. Ids start at 0; mapping id 0 and label set
 * 0 mean "none", string 0 is "", stack 0 is the empty stack. Samples with equal stack and
 * labels are one sample, their values summed (saturating).
 *
 * Adding fails only without memory: the id is then PROFILE_NONE and `failed` stays set, so
 * that a decoder may check once.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/view.h"
#include "model/accounting.h"
#include "model/intern.h"
#include "model/stacks.h"
#include "model/strings.h"

#define PROFILE_NONE UINT32_MAX
#define PROFILE_TYPES_MAX 32

struct value_type { /* string ids */
	uint32_t type;
	uint32_t unit;
};

/*
 * Addresses of locations in a file-backed mapping are the file's own virtual addresses (ELF
 * p_vaddr), with start, limit and offset to match, so that processes share locations.
 * `file` is "[kernel.kallsyms]", "[vdso]", "[jit]" or a path.
 */
struct mapping {
	uint64_t start, limit, offset;
	uint32_t file, build_id; /* string ids; build id in hex */
	bool has_functions, has_filenames, has_line_numbers, has_inline_frames;
};

struct function {             /* string ids but the line */
	uint32_t name;        /* for people: demangled */
	uint32_t system_name; /* as in the symbol table */
	uint32_t file;
	int64_t start_line;
};

struct line {
	uint32_t function;
	int64_t line, column; /* 0 = unknown */
};

struct location {
	uint64_t address;
	uint32_t mapping;
	uint32_t first_line, n_lines; /* in profile->lines; 0 lines = no name yet */
	bool is_folded;
};

struct label { /* a text label has str, a number label has num and unit */
	uint32_t key, str;
	int64_t num;
	uint32_t unit;
};

struct label_set {
	uint32_t first, count; /* in profile->labels, sorted by key text then value */
};

struct sample { /* its values are profile->values[i * n_types …] */
	uint32_t stack, labels;
};

struct profile {
	struct strings strings;

	struct value_type types[PROFILE_TYPES_MAX];
	size_t n_types;
	uint32_t default_type; /* string id of a type's name, 0 = the last */

	/* Each array is owned, and read-only to everyone else. Element 0 of mappings is "none". */
	struct mapping *mappings;
	struct function *functions;
	struct line *lines;
	struct location *locations;
	struct stacks stacks;
	struct label *labels;
	struct label_set *label_sets;
	struct sample *samples;
	int64_t *values;
	uint32_t *comments; /* string ids; never the accounting line */
	size_t n_mappings, n_functions, n_lines, n_locations, n_labels, n_label_sets, n_samples;
	size_t n_values, n_comments;

	int64_t time_ns;     /* start, since 1970; 0 = unknown */
	int64_t duration_ns; /* 0 = unknown */
	struct value_type period_type;
	int64_t period;
	uint32_t drop_frames, keep_frames, doc_url; /* string ids */
	struct accounting accounting;

	bool failed;

	/* private: how equal things are found */
	struct intern mapping_set, function_set, location_set, label_set_set;
	uint32_t *first_sample; /* of a stack, plus one; 0 = none */
	size_t n_first_sample;
	struct map sample_of; /* (stack, labels) -> sample, for a stack's other samples */
	size_t cap_mappings, cap_functions, cap_lines, cap_locations, cap_labels, cap_label_sets;
	size_t cap_samples, cap_values, cap_comments;
};

struct profile *profile_new(void); /* NULL without memory */
void profile_free(struct profile *profile);
void profile_freep(struct profile **profile);
#define PROFILE_AUTO __attribute__((cleanup(profile_freep))) struct profile *

uint32_t profile_string(struct profile *profile, struct view text);
struct view profile_text(const struct profile *profile, uint32_t string);

/* Before the first sample only. ERR_LIMIT past PROFILE_TYPES_MAX, ERR_USAGE after a sample. */
int profile_add_type(struct profile *profile, struct view type, struct view unit, struct err *err);

/* The index of the sample type named so ("cpu", "samples", "alloc_space"), or -1; "" is the default
 * one. */
int profile_find_type(const struct profile *profile, struct view type);

uint32_t profile_mapping(struct profile *profile, const struct mapping *mapping);
uint32_t profile_function(struct profile *profile, const struct function *function);

/* first_line of `location` is ignored: the lines are those given. */
uint32_t profile_location(
	struct profile *profile, const struct location *location, const struct line *lines);

/* Names an address: replaces the lines of a location. Add address-only locations before naming any.
 */
void profile_name_location(
	struct profile *profile, uint32_t location, const struct line *lines, uint32_t n_lines);

/* Moves an address, or replaces a mapping, in place; what is equal to another afterwards stays
 * apart.
 */
void profile_move_location(
	struct profile *profile, uint32_t location, uint32_t mapping, uint64_t address);
void profile_set_mapping(struct profile *profile, uint32_t id, const struct mapping *mapping);

/* Other names for a sample type, whose values are multiplied (saturating), and for a function, in
 * place; what is equal to another afterwards stays apart. */
void profile_retype(
	struct profile *profile, size_t type, struct view name, struct view unit, double factor);
void profile_rename_function(struct profile *profile, uint32_t function, struct view name);

uint32_t profile_push(struct profile *profile, uint32_t stack, uint32_t location);

/* A whole tree at once, of the profile's locations. One that has no stacks yet takes `tree`, which
 * is then empty, and true says that all ids are still the same; otherwise nothing happens. */
bool profile_take_stacks(struct profile *profile, struct stacks *tree);

/* Sorts `labels` in place. No labels give 0. */
uint32_t profile_labels(struct profile *profile, struct label *labels, size_t n);

/* A decoder that knows what will come says so: about how many names; after all types were added,
 * how many samples and new nodes of stacks. */
void profile_reserve_names(
	struct profile *profile, size_t strings, size_t functions, size_t locations);
void profile_reserve(struct profile *profile, size_t samples, size_t stack_nodes);

/* values has n_types numbers. */
void profile_add(struct profile *profile, uint32_t stack, uint32_t labels, const int64_t *values);

void profile_comment(struct profile *profile, struct view text);

/* Shorthand for sources that only have names: the location of one function with that name. */
uint32_t profile_named(struct profile *profile, struct view name);

/* The sum of |value| over all samples, as pprof counts a total. */
int64_t profile_total(const struct profile *profile, size_t type);

#endif
