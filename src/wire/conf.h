/*
 * conf: a YAML file into a struct, strictly.
 *
 * A table says what each struct has. What the table does not know is an error with its line, and so
 * is a key that comes twice, a value of the wrong kind or out of range, an alias, and a file past a
 * limit: CONF_BYTES_MAX, CONF_DEPTH_MAX, CONF_NODES_MAX. Values are written as Prometheus writes
 * them: durations "1h30m", sizes "64MB" (KB, MB, GB are powers of 1024).
 *
 *     struct limits { uint64_t body; int64_t wait; };
 *     static const struct conf_field LIMITS_FIELDS[] = {
 *             CONF_FIELD(struct limits, body, CONF_SIZE, .min = 1, .max = 1 << 30),
 *             CONF_FIELD(struct limits, wait, CONF_DURATION),
 *     };
 */
#ifndef WIRE_CONF_H
#define WIRE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define CONF_BYTES_MAX ((size_t)4 << 20)
#define CONF_DEPTH_MAX 32u
#define CONF_NODES_MAX 200000u

enum conf_kind {       /* what stands in the struct */
	CONF_TEXT,     /* const char *; NULL unless given */
	CONF_SECRET,   /* the same, and never printed */
	CONF_FLAG,     /* bool */
	CONF_COUNT,    /* uint64_t, in [min, max] unless max is 0 */
	CONF_SIZE,     /* the same, of bytes */
	CONF_DURATION, /* int64_t, ns, in [min, max] unless max is 0 */
	CONF_CHOICE,   /* int: the index in `choices` */
	CONF_TEXTS,    /* struct conf_texts */
	CONF_PAIRS,    /* struct conf_pairs, in the order of the file */
	CONF_STRUCT,   /* the struct that `of` describes, in place */
	CONF_STRUCTS,  /* struct conf_list of such structs */
	CONF_LINE,     /* uint32_t: no key, but the line that the struct begins in */
};

struct conf_struct;

struct conf_field {
	const char *name; /* NULL for CONF_LINE */
	enum conf_kind kind;
	size_t offset;
	int64_t min, max;
	bool required;
	const char *const *choices; /* NULL at the end */
	const struct conf_struct *of;
};

/* The member has the key's name. */
#define CONF_FIELD(struct_, member, kind_, ...)                                        \
	{                                                                              \
		.name = #member, .kind = (kind_), .offset = offsetof(struct_, member), \
		##__VA_ARGS__                                                          \
	}

struct conf_struct {
	size_t size;
	const struct conf_field *fields;
	size_t n;
	const void *defaults; /* of each in a list; NULL = zeros */
};

struct conf_texts {
	const char **at;
	size_t n;
};

struct conf_pair {
	const char *name, *value;
};

struct conf_pairs {
	struct conf_pair *at;
	size_t n;
};

struct conf_list {
	void *at; /* n structs */
	size_t n;
};

/* `into` has its defaults already. Everything it then points to lives in `arena`. `file` is for
 * messages: "FILE:LINE: …". On an error *into is half filled and of no use. */
struct conf_source {
	const char *file;
	struct view text;
};
int conf_read(const struct conf_source *source, const struct conf_struct *what, void *into,
	struct arena *arena, struct err *err);

/* The same of a file that is a list of such structs. */
int conf_read_list(const struct conf_source *source, const struct conf_struct *what,
	struct conf_list *into, struct arena *arena, struct err *err);

/* The struct as YAML that conf_read takes, without what is secret. */
void conf_print(const struct conf_struct *what, const void *from, struct buf *out);

#endif
