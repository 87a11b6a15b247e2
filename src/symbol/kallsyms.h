/*
 * kallsyms: the kernel's functions, as /proc/kallsyms lists them.
 *
 *     ADDRESS TYPE NAME\t[MODULE]\n      the module only for what is not the kernel itself
 *
 * Addresses are given out relative to _text, and in a module to its lowest function: a profile must
 * not tell where the kernel was loaded.
 */
#ifndef SYMBOL_KALLSYMS_H
#define SYMBOL_KALLSYMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define KALLSYMS_KERNEL "[kernel.kallsyms]"
#define KALLSYMS_FILE_MAX ((size_t)256 << 20)

struct kallsyms; /* immutable */
struct symcache;

struct kallsyms_hit {
	struct view name;
	struct view module; /* KALLSYMS_KERNEL, or "[ext4]" */
	uint64_t address;   /* relative */
};

/* Copies what it needs of the text. Lines that do not read so are left out. */
int kallsyms_parse(struct view text, struct kallsyms **ret, struct err *err);
int kallsyms_load(struct kallsyms **ret, struct err *err); /* /proc/kallsyms */

/* The list of this boot from the cache: what it finds is right, but it lacks what comes and goes
 * (BPF programs) and the ends of modules. If it does not find an address, ask kallsyms_load(). What
 * is kept is relative to _text, of which the first lines of /proc/kallsyms tell. ERR_NOT_FOUND for
 * a miss, as where addresses are hidden. */
int kallsyms_recall(struct symcache *cache, struct kallsyms **ret, struct err *err);
void kallsyms_keep(const struct kallsyms *symbols, struct symcache *cache);
void kallsyms_free(struct kallsyms *symbols);

/* All addresses are 0: this user may not see them (kernel.kptr_restrict). */
bool kallsyms_restricted(const struct kallsyms *symbols);

bool kallsyms_find(const struct kallsyms *symbols, uint64_t address, struct kallsyms_hit *ret);

#endif
