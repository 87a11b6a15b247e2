/*
 * sourcecode: the text of source files, from the folders that may be read.
 *
 * A root is FOLDER, or PREFIX=FOLDER for files whose names begin with PREFIX where they were built:
 *
 *     /src/shop            reads "/src/shop/main.c", and "main.c" as "/src/shop/main.c"
 *     /build/shop=/src/v42 reads "/build/shop/main.c" as "/src/v42/main.c"
 *     ..=/src/shop         reads "../main.c" as "/src/shop/main.c"
 *
 * Nothing is read outside of a root, whatever names and links say: the kernel resolves the rest of
 * a name below the root's descriptor (openat2), so nobody can swap a folder in between. What is no
 * regular file, larger than SOURCECODE_BYTES_MAX or no text is refused with a sentence.
 */
#ifndef SERVER_SOURCECODE_H
#define SERVER_SOURCECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define SOURCECODE_ROOTS_MAX 64u
#define SOURCECODE_BYTES_MAX ((size_t)4 << 20)
#define SOURCECODE_NAME_MAX 4096u

struct profile;
struct sourcecode;

/* Opens the roots; NULL in *ret when there are none. ERR_USAGE names the one that is no folder. */
int sourcecode_new(const char *const *roots, size_t n, struct sourcecode **ret, struct err *err);
void sourcecode_free(struct sourcecode *sources);

/* Appends the file of that name. ERR_NOT_FOUND where no root has it, ERR_DENIED, ERR_LIMIT.
 * ret_changed_ns: when it was changed last. Any thread. */
int sourcecode_read(const struct sourcecode *sources, struct view name, struct buf *ret,
	int64_t *ret_changed_ns, struct err *err);

struct sourcecode_question {
	size_t type;
	struct view function, file; /* as functions_lines has them */
};

#define SOURCECODE_AROUND                                                       \
	5 /* lines before the first one that a sample is on, and after the last \
	   */
#define SOURCECODE_LINES_MAX 4000 /* of one answer */
#define SOURCECODE_LINE_MAX 2000  /* bytes of one line; the rest is cut */

/* {"file","first":n,"lines":[text …],"left_out":n,"changed":b}: the part of a file that samples of
 * a function are in. Only of a file that the profile names for that function; `sources` NULL is
 * ERR_NOT_FOUND with what to set. changed: the file
 * was changed after the profile began. */
int sourcecode_write(const struct sourcecode *sources, const struct profile *profile,
	const struct sourcecode_question *question, struct buf *out, struct err *err);

#endif
