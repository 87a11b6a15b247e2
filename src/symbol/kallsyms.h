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

struct kallsyms_hit {
	struct view name;
	struct view module; /* KALLSYMS_KERNEL, or "[ext4]" */
	uint64_t address;   /* relative */
};

/* Copies what it needs of the text. Lines that do not read so are left out. */
int kallsyms_parse(struct view text, struct kallsyms **ret, struct err *err);
int kallsyms_load(struct kallsyms **ret, struct err *err); /* /proc/kallsyms */
void kallsyms_free(struct kallsyms *symbols);

/* All addresses are 0: this user may not see them (kernel.kptr_restrict). */
bool kallsyms_restricted(const struct kallsyms *symbols);

bool kallsyms_find(const struct kallsyms *symbols, uint64_t address, struct kallsyms_hit *ret);

#endif
