/*
 * procfs: what /proc and /sys say about processes and CPUs.
 *
 * A process that is gone is ERR_NOT_FOUND, one we may not look at ERR_DENIED.
 */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

#define PROCFS_MAPS_MAX ((size_t)64 << 20) /* bytes of one maps file */
#define PROCFS_NAME_MAX 256

/* Appends /proc/PID/maps. */
int procfs_read_maps(pid_t pid, struct buf *ret, struct err *err);

/* The file name of its executable, else its command name; `name` has PROCFS_NAME_MAX bytes. */
int procfs_name(pid_t pid, char *name, struct err *err);

/* Ticks since boot: with the pid, the identity of a process. */
int procfs_start_time(pid_t pid, uint64_t *ret_ticks, struct err *err);

/* Its number in its own (innermost) pid namespace. */
int procfs_inner_pid(pid_t pid, pid_t *ret, struct err *err);

/* True unless it is gone or only its exit status is left. */
bool procfs_alive(pid_t pid);

/* The numbers of all processes, or of a process's threads; *ret is the caller's to free. */
int procfs_processes(pid_t **ret, size_t *ret_count, struct err *err);
int procfs_threads(pid_t pid, pid_t **ret, size_t *ret_count, struct err *err);

/* A CPU list as the kernel writes it: "0-3,7"; *ret is the caller's to free. */
int procfs_parse_cpus(const char *text, unsigned **ret, size_t *ret_count, struct err *err);
int procfs_online_cpus(unsigned **ret, size_t *ret_count, struct err *err);

/* One number in a file such as /proc/sys/kernel/perf_event_paranoid. */
int procfs_number(const char *path, long *ret, struct err *err);

#endif
