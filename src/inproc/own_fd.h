/*
 * own_fd: a descriptor in somebody else's program.
 *
 * Programs close descriptors that they don't know, and the number then means something of theirs.
 * So ours are remembered with their inode and looked at before each use.
 */
#ifndef INPROC_OWN_FD_H
#define INPROC_OWN_FD_H

#include <stdbool.h>
#include <stdint.h>

struct own_fd {
	int fd; /* -1 = none */
	uint64_t inode;
};

#define OWN_FD_NONE      \
	{                \
		.fd = -1 \
	}

/* Takes the socket over. */
struct own_fd own_fd_of(int fd);

/* Whether it is still ours. */
bool own_fd_alive(const struct own_fd *own);

/* Closes it if it is still ours; it is then none. Async-signal-safe. */
void own_fd_close(struct own_fd *own);

/* Two connected sockets; both none on failure. What was in them is closed. */
bool own_fd_pair(struct own_fd *ret_read, struct own_fd *ret_write);

#endif
