/*
 * maps: the lines of /proc/PID/maps.
 *
 * Paths are the kernel's: a newline in a name is written \012, a file that was deleted has
 * " (deleted)" behind its name. Both are left as they are.
 */
#ifndef PROC_MAPS_H
#define PROC_MAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"

struct maps_line {
	uint64_t start, end, offset;
	uint64_t device; /* as st_dev */
	uint64_t inode;
	bool readable, writable, executable, shared;
	struct view path; /* "" for anonymous memory; else a path or a word in brackets */
};

/* Cuts the next line off *text and reads it; false at the end. Lines that are not the kernel's are
 * skipped. */
bool maps_next(struct view *text, struct maps_line *ret);

bool maps_parse(struct view line, struct maps_line *ret);

/* The path without " (deleted)"; *ret_deleted says whether it was there (may be NULL). */
struct view maps_path(struct view path, bool *ret_deleted);

#endif
