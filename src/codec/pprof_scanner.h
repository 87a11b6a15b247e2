/*
 * pprof_scanner: the state of one scan, shared by its parts.
 *
 * pprof_scan.c surveys the message and reads what is small; pprof_tables.c reads the tables that
 * name each other, pprof_samples.c the samples, which are nearly all of the bytes, and
 * pprof_labels.c their labels.
 */
#ifndef CODEC_PPROF_SCANNER_H
#define CODEC_PPROF_SCANNER_H

#include "codec/pprof_ids.h"
#include "codec/pprof_paths.h"
#include "codec/pprof_scan.h"
#include "wire/proto.h"

#define PPROF_MEMOS 256

/* Where the fields of one kind are: from the first to behind the last, others may lie between. */
struct pprof_part {
	const uint8_t *from, *to;
	size_t count;
};

/* Label sets repeat, byte for byte: most need no second look. */
struct pprof_memo {
	struct view bytes; /* in the file; at is NULL if free */
	uint32_t set;
};

struct pprof_scanner {
	struct view bytes;
	struct pprof_columns *into;
	struct err *err;
	struct pprof_part parts[PPROF_FIELDS];
	struct pprof_ids mappings, functions, locations;
	struct pprof_memo memos[PPROF_MEMOS];
	struct pprof_paths paths;
};

/* Sets the error to `code` and "at byte N: …"; returns code. */
int pprof_scan_fail(const struct pprof_scanner *s, int code, const void *at, const char *format,
	...) __attribute__((format(printf, 4, 5)));
int pprof_scan_nomem(const struct pprof_scanner *s);

/* The same for a message whose reader stopped; 0 if it just came to its end. */
int pprof_scan_end(const struct pprof_scanner *s, const struct proto *in);

/* Says that the field's wire type is another, or that there is no such string. */
int pprof_scan_wrong_wire(const struct pprof_scanner *s, const struct proto_field *field,
	enum proto_wire wire, const void *at);
int pprof_scan_no_string(const struct pprof_scanner *s, uint64_t index, const void *at);

static inline int pprof_scan_wire(const struct pprof_scanner *s, const struct proto_field *field,
	enum proto_wire wire, const void *at)
{
	return field->wire == wire ? 0 : pprof_scan_wrong_wire(s, field, wire, at);
}

/* A string's index, which must be in the table. */
static inline int pprof_scan_string(
	const struct pprof_scanner *s, uint64_t index, const void *at, uint32_t *ret_string)
{
	if (index >= s->into->n_strings)
		return pprof_scan_no_string(s, index, at);
	*ret_string = (uint32_t)index;
	return 0;
}

/* Steps to the next field of a part. It was surveyed: its framing is sound. */
static inline struct proto pprof_scan_part(const struct pprof_scanner *s, uint32_t id)
{
	return (struct proto){ .at = s->parts[id].from, .end = s->parts[id].to };
}

static inline bool pprof_scan_next(struct proto *in, uint32_t id, struct proto_field *ret)
{
	while (proto_next(in, ret))
		if (ret->id == id)
			return true;
	return false;
}

/* Mappings, functions and locations. */
int pprof_tables_scan(struct pprof_scanner *s);

/* All samples, after all tables. */
int pprof_samples_scan(struct pprof_scanner *s);

/* The bytes from a sample's first label to its last, as a set. */
int pprof_labels_scan(struct pprof_scanner *s, struct view bytes, uint32_t *ret_set);

#endif
