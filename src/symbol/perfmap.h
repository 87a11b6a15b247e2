/*
 * perfmap: what a process says about the code it generates.
 *
 * Two files, both written by the process itself: /tmp/perf-PID.map (maptext) and jit-PID.dump
 * (jitdump, found because the process maps it). They are looked for inside the process's own root
 * folder and by its innermost pid, and believed only if they are regular files with one name,
 * owned by the process's user or by root; links are not followed and opening never blocks.
 *
 * Open it when the process runs its first generated code: the folder and the files are held, so the
 * names outlive the process. Not for several threads at once.
 */
#ifndef SYMBOL_PERFMAP_H
#define SYMBOL_PERFMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/view.h"
#include "symbol/codetable.h"

#define PERFMAP_FILE_MAX ((size_t)64 << 20) /* of a map, only so much is read */
#define PERFMAP_DUMP_MAX ((uint64_t)256 << 20)
#define PERFMAP_DUMPS_MAX 4

struct perfmap;

/* ERR_NOT_FOUND or ERR_DENIED if the process cannot be looked at. That there is no map yet, or that
 * it was refused, is no error: refreshing looks again. Reads nothing yet: call perfmap_refresh. */
int perfmap_open(pid_t pid, struct perfmap **ret, struct err *err);
void perfmap_free(struct perfmap *perfmap);

/* The process maps a jitdump: `path` as in its /proc/PID/maps. Other names than jit-NUMBER.dump,
 * and repetitions, are ignored. */
void perfmap_note_jitdump(struct perfmap *perfmap, const char *path);

/* Reads what was written since the last time. Later entries hide earlier ones; names once read
 * stay. 0 or ERR_NOMEM. Works after the process has ended. */
int perfmap_refresh(struct perfmap *perfmap, struct err *err);

bool perfmap_find(const struct perfmap *perfmap, uint64_t address, struct code_hit *ret);

size_t perfmap_count(const struct perfmap *perfmap); /* entries read so far */

/* Why a file was refused or not read whole, for a person; NULL if none was. */
const char *perfmap_refusal(const struct perfmap *perfmap);

#endif
