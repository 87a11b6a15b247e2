/*
 * shelf: debug files on disk, by tenant and build id, within a budget.
 *
 *     FOLDER/t-TENANT/BUILD_ID.debug      what was split off a program, or
 *     FOLDER/t-TENANT/BUILD_ID.program    a program or library itself
 *     FOLDER/t-TENANT/….part              one that is on its way in
 *
 * All files together, those that are still coming included, take at most bytes_max: what was not
 * used longest goes first. When a file was used last is its access time, which only we set. Nobody
 * sees another tenant's files: what one says about a build is not believed by another.
 *
 * A file comes in pieces of any size, and goes on where it stopped: a piece is at the offset that
 * was received so far. Once whole it is checked (debuginfo/debugelf.h) and has its name at once.
 *
 * Any thread.
 */
#ifndef DEBUGINFO_SHELF_H
#define DEBUGINFO_SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"
#include "debuginfo/debugelf.h"

#define SHELF_BYTES_DEFAULT ((uint64_t)10 << 30)
#define SHELF_FILE_BYTES_DEFAULT ((uint64_t)2 << 30)
#define SHELF_COMING_MAX 64 /* files at once */
#define SHELF_TENANT_MAX 150

struct object;
struct shelf;

enum shelf_kind { SHELF_DEBUG, SHELF_PROGRAM, SHELF_KINDS };
extern const char *const shelf_kind_names[SHELF_KINDS]; /* "debug", "program" */

struct shelf_options {
	const char *folder;           /* made if it is not there */
	uint64_t bytes_max, file_max; /* 0 = the defaults; debuginfo.bytes, debuginfo.file_bytes */
};

int shelf_open(const struct shelf_options *options, struct shelf **ret, struct err *err);
void shelf_close(struct shelf *shelf);

struct shelf_file {
	const char *build_id; /* good during the call */
	enum shelf_kind kind;
	uint64_t bytes;
	int64_t added_s, used_s; /* since 1970; used_s 0 = never */
};

/* ---- in ---- */

struct shelf_piece {
	struct view tenant, build_id;
	uint64_t size;     /* of the whole file */
	uint64_t hash;     /* XXH3 of the whole file; 0 = not said */
	uint64_t offset;   /* of … */
	struct view bytes; /* … these; none: only asks */
};

enum shelf_state {
	SHELF_COMING, /* `received` bytes of it are there */
	SHELF_STORED, /* this was the last piece */
	SHELF_THERE,  /* a file of that build and size is there already */
	SHELF_BROKEN, /* the piece is at another place than `received`: nothing was done */
};

struct shelf_receipt {
	enum shelf_state state;
	enum shelf_kind kind; /* if stored */
	uint64_t received;
};

/* ERR_LIMIT with the setting's name; ERR_CORRUPT: it is not what it says; ERR_USAGE: the piece
 * makes no sense. After ERR_CORRUPT what came of it is forgotten. */
int shelf_add(struct shelf *shelf, const struct shelf_piece *piece, struct shelf_receipt *ret,
	struct err *err);

/* ---- out ---- */

/* The file that knows most about a build, as used now; *ret is the caller's (object_unref).
 * ERR_NOT_FOUND. */
int shelf_object(struct shelf *shelf, struct view tenant, struct view build_id, struct object **ret,
	struct err *err);

/* The program or library itself, whose segments say where what of it was loaded; ERR_NOT_FOUND. */
int shelf_program(struct shelf *shelf, struct view tenant, struct view build_id,
	struct object **ret, struct err *err);

/* Calls `each` for the tenant's files of a build, or of all builds (""), sorted by build id; it
 * must not call the shelf. ERR_NOMEM. */
struct shelf_wanted {
	struct view tenant, build_id;
};
int shelf_list(struct shelf *shelf, const struct shelf_wanted *wanted,
	void (*each)(void *owner, const struct shelf_file *file), void *owner, struct err *err);

/* How many files of the build were removed; ERR_NOT_FOUND if there are none. */
int shelf_remove(struct shelf *shelf, struct view tenant, struct view build_id, unsigned *ret_n,
	struct err *err);

struct shelf_figures {
	uint64_t files, bytes, bytes_max, coming_bytes, evicted;
};
void shelf_figures(struct shelf *shelf, struct shelf_figures *ret);

#endif
