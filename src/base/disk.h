/*
 * disk: every file call, so that one place can fail on purpose.
 *
 * A file is written whole under a temporary name, synced, and renamed: after
 * any failure the old file is still there and no half-written one is.
 * disk_fail_after() makes the Nth call fail; tests use it.
 */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

/* Appends the whole file to *ret; ERR_LIMIT past max bytes. "-" is standard input; a pipe is read
 * to its end. */
int disk_read(const char *path, size_t max, struct buf *ret, struct err *err);

/* The same from an open descriptor, from its start, for files that report no size (/proc). */
int disk_read_fd(int fd, size_t max, struct buf *ret, struct err *err);

/* Exactly `len` bytes at `offset`, or an error: ERR_CORRUPT if the file ends before. */
int disk_read_at(int fd, void *into, size_t len, uint64_t offset, struct err *err);

/* Replaces the file, or appends to standard output for "-". A device such as /dev/null is written
 * in place. */
int disk_write(const char *path, struct view bytes, struct err *err);

/* A file that comes in pieces: all of `bytes` at `offset`, and, once it is whole, synced under its
 * name. */
int disk_write_at(int fd, struct view bytes, uint64_t offset, struct err *err);
int disk_keep(int fd, const char *temporary, const char *path, struct err *err);

/* Fault layer: the `nth` following call of the kind (counted from 1) fails with `error`; 0 turns it
 * off. */
enum disk_call { DISK_OPEN, DISK_READ, DISK_WRITE, DISK_SYNC, DISK_RENAME, DISK_CALLS };
void disk_fail_after(enum disk_call call, unsigned nth, int error);

#endif
