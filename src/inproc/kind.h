/*
 * kind: the kinds of profile that a program can have taken of itself, in one table.
 *
 * A kind is a capture over some seconds (profile, wall) or a snapshot of something that is kept all
 * the time (heap, allocs, block, mutex, threads); `?seconds=N` on a snapshot is what changed in
 * between. A kind lives in a file of its own and is listed in kind.c: the endpoint, its index page
 * and its errors follow by themselves. All functions run on the engine's thread.
 */
#ifndef INPROC_KIND_H
#define INPROC_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"
#include "model/profile.h"

/* The text of ?debug=1, as Go writes it. */
enum kind_text {
	KIND_TEXT_NONE,
	KIND_TEXT_HEAP,       /* alloc_objects, alloc_space, inuse_objects, inuse_space */
	KIND_TEXT_CONTENTION, /* contentions, delay */
	KIND_TEXT_COUNT       /* one number for each stack */
};

struct kind_options {
	unsigned hz; /* of a capture; 0 = its default */
	bool kernel; /* with the kernel's frames, if the kind has them */
};

struct kind {
	const char *name;  /* its page, and the name of the file that comes from there */
	const char *about; /* one line of HTML for the index page */
	enum kind_text text;

	/* A capture has these four. ERR_USAGE from `start` is the client's fault. */
	int (*start)(const struct kind_options *options, struct err *err);
	int (*stop)(struct buf *out, struct err *err); /* appends zipped pprof; has ended anyway */
	void (*cancel)(void);
	bool (*running)(void);
	const char *busy; /* what another client hears meanwhile */

	/* A snapshot has this: with names; *ret is owned by the caller. ERR_USAGE: it is not kept
	 * just now, with a sentence that says how to begin. */
	int (*snapshot)(struct profile **ret, struct err *err);
};

/* NULL-terminated, in the order of the index page. */
extern const struct kind *const kind_all[];

/* NULL if there is none of that name. */
const struct kind *kind_find(struct view name);

/* Zipped pprof. Not through the table of codecs, which would bring every format along. */
int kind_zip(const struct profile *profile, struct buf *out, struct err *err);

#endif
