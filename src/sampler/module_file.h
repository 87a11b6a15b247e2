/*
 * module_file: reaches the file behind a mapping.
 *
 * Through the process while it lives (its map_files, its root folder), so that containers and
 * deleted files work; else by its path, if that leads to the same inode.
 */
#ifndef SAMPLER_MODULE_FILE_H
#define SAMPLER_MODULE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct module;
struct object;
struct process_mapping;

/* What tells a file from one that was written over it later. */
struct module_file_stamp {
	bool known;
	uint64_t size, mtime_ns;
};

struct module_file_stamp module_file_look(pid_t pid, const struct process_mapping *mapping);

/* Opens what module->job says; 0 or an err_code. *ret is owned. */
int module_file_open(const struct module *module, struct object **ret);

#endif
