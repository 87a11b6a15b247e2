/*
 * push: everything that is profiled, uploaded continuously in windows without a gap between them.
 *
 * The engine's thread cuts the windows and hands them to push_sender.
 */
#ifndef INPROC_PUSH_H
#define INPROC_PUSH_H

#include <stdbool.h>

#include "base/err.h"
#include "inproc/engine.h"
#include "inproc/push_sender.h"

#define PUSH_INTERVAL_S 15
#define PUSH_INTERVAL_MAX_S 3600
#define PUSH_FLUSH_MS 2000
#define PUSH_FLUSH_MAX_MS 60000

struct push_options {
	struct push_sender_options sender;
	const char *service; /* NULL = the process's label service_name, else the program's name */
	unsigned interval_s; /* 0 = PUSH_INTERVAL_S */
	unsigned hz;
	bool kernel; /* as in cpu_source_options */
};

/* From any thread. ERR_LIMIT if there is one already. */
int push_start(const struct push_options *options, struct err *err);

/* Uploads the window that has not ended, for flush_ms at most. ERR_USAGE if there is none. */
int push_stop(unsigned flush_ms, struct err *err);

bool push_running(void);

extern const struct engine_part push_part;

#endif
