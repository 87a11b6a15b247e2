/*
 * origin: which program of the host a process is: its executable, its systemd unit, its container.
 */
#ifndef AGENT_ORIGIN_H
#define AGENT_ORIGIN_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/view.h"

#define ORIGIN_TEXT_MAX 256
#define ORIGIN_COMM_MAX 64

struct origin {
	pid_t pid;
	uint64_t start_ticks; /* since boot: with the pid, which process it is */
	char comm[ORIGIN_COMM_MAX];
	char exe[ORIGIN_TEXT_MAX];       /* path; "" of a kernel thread */
	char unit[ORIGIN_TEXT_MAX];      /* "nginx.service"; "" without one */
	char container[ORIGIN_TEXT_MAX]; /* the first 12 digits of its id; "" without one */
};

/* ERR_NOT_FOUND when it is gone. */
int origin_read(pid_t pid, struct origin *ret, struct err *err);

/* What /proc/PID/cgroup says of unit and container. */
void origin_parse_cgroup(struct view text, struct origin *into);

/* What people would call it: the unit if it is a service's, else the executable's file name;
 * "kernel" for the kernel's own threads. Borrowed from `origin`. */
struct view origin_service(const struct origin *origin);

#endif
