/*
 * environment: what the FLYOVER_* variables ask for, when the library is loaded and when it ends.
 *
 *     FLYOVER_HTTP=HOST:PORT | unix:PATH     serve /debug/pprof/; FLYOVER_TOKEN=TOKEN protects it
 *     FLYOVER_CPUPROFILE=FILE                a CPU profile from here to exit()
 *     FLYOVER_CPUPROFILESIGNAL=N             … or rather from one signal N to the next, into
 * FILE.0, FILE.1, …
 *     FLYOVER_HEAPPROFILE=FILE               a heap profile, written at exit()
 *     FLYOVER_HEAPRATE=BYTES                 its mean gap; alone: for the endpoint
 *     FLYOVER_PUSH=URL                       upload profiles all the time; FLYOVER_PUSH_INTERVAL=S,
 *                                            FLYOVER_PUSH_TOKEN, FLYOVER_PUSH_TENANT,
 *                                            FLYOVER_PUSH_SPOOL=FOLDER,
 * FLYOVER_PUSH_SPOOL_MAX=BYTES FLYOVER_HZ=N, FLYOVER_LABELS=k=v,…     for all of these
 *     FLYOVER_KERNEL=1                       CPU profiles have the kernel's frames, too
 *
 * A program that another profiled one started has the same variables. So that it does not overwrite
 * the other's profile, its file gets its pid as another suffix; "%p" in FILE is the pid for all.
 * FLYOVER_PARENT tells them apart: the pid of the first. Ignored in setuid programs.
 */
#ifndef INPROC_ENVIRONMENT_H
#define INPROC_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The file of the profile for this process, in a folder that can be written to; `is_first` says
 * that no profiled process started it. */
int environment_file(const char *wanted, bool is_first, char *into, size_t size, struct err *err);

/* Does what they ask for. The sentence is that of the first thing that failed; the rest is done. */
int environment_begin(struct err *err);
void environment_end(void);

#endif
