/*
 * control: who may read a store's folder asks the process that has it for a checkpoint.
 *
 * A Unix socket "control" in the folder, for its owner and root. A client says "checkpoint"; the
 * answer is "ok" or "no" and a sentence, a line each. The folder "checkpoint" then has the store as
 * it was, and stays until the client closes the connection.
 */
#ifndef STORE_CONTROL_H
#define STORE_CONTROL_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

#define CONTROL_SOCKET "control"
#define CONTROL_CHECKPOINT "checkpoint"

struct control {
	const char *path; /* the store's folder */
	int (*checkpoint)(void *owner, const char *path, struct err *err);
	void *owner;

	int fd, stop_fd;
	pthread_t thread;
	bool is_running;
};

/* Set the first three before. What an earlier process left is removed. */
int control_start(struct control *control, struct err *err);
void control_stop(struct control *control);

/* The client: *ret_fd keeps the checkpoint until it is closed. ERR_NOT_FOUND: nobody listens. */
int control_ask(const char *path, int *ret_fd, struct err *err);

#endif
