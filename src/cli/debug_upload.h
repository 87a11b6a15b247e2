/*
 * debug_upload: debug files on their way to a server.
 *
 * A file is asked for before it is sent, sent in zipped pieces, and goes on where it stopped when
 * the connection breaks. In folders, what is no ELF file, has no build id or names nothing is
 * passed over.
 */
#ifndef CLI_DEBUG_UPLOAD_H
#define CLI_DEBUG_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/fetch.h"

enum debug_upload_state { DEBUG_UPLOAD_SENT, DEBUG_UPLOAD_THERE, DEBUG_UPLOAD_FAILED };

struct debug_upload_file {
	const char *path, *build_id;
	uint64_t bytes;
	enum debug_upload_state state;
	const char *why; /* it failed; else NULL */
};

struct debug_upload {
	const char *server; /* borrowed */
	struct fetch_trust trust;
	bool shows_progress;                                             /* on standard error */
	void (*each)(void *owner, const struct debug_upload_file *file); /* that has names */
	void *owner;
	size_t n[3]; /* files by their state */
};

/* A file, or all below a folder. An error if it is a file that cannot be uploaded because of what
 * it is, or the folder cannot be read; what the server refuses is counted instead. */
int debug_upload_path(struct debug_upload *upload, const char *path, struct err *err);

#endif
