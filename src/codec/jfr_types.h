/*
 * jfr_types: what a chunk says about the shape of its events and values.
 */
#ifndef CODEC_JFR_TYPES_H
#define CODEC_JFR_TYPES_H

#include "base/map.h"
#include "codec/jfr_reader.h"

#define JFR_TYPES_MAX 16384
#define JFR_FIELDS_MAX 65536
#define JFR_NESTING_MAX 16 /* of values in values */

enum jfr_kind {
	JFR_COMPOUND, /* its fields, one after another */
	JFR_BYTE,     /* boolean too */
	JFR_SHORT,    /* char too */
	JFR_INT,
	JFR_LONG,
	JFR_FLOAT,
	JFR_DOUBLE,
	JFR_TEXT,
};

struct jfr_field {
	struct view name;
	uint64_t type_id;
	uint32_t type;  /* in the table; JFR_NO_TYPE if it is nowhere */
	bool is_pooled; /* it is a number in the pool of its type */
	bool is_list;
};

struct jfr_type {
	struct view name; /* "jdk.ExecutionSample" */
	uint64_t id;
	enum jfr_kind kind;
	uint32_t first_field, n_fields;
};

#define JFR_NO_TYPE UINT32_MAX

struct jfr_types { /* arrays are owned; names are the arena's or the chunk's */
	struct jfr_type *types;
	struct jfr_field *fields;
	size_t n_types, cap_types, n_fields, cap_fields;
	struct map by_id;
};

/* Reads the tree of types, which `in` stands before. False with in->wrong. */
bool jfr_types_read(struct jfr_types *types, struct jfr_reader *in, struct arena *arena);
void jfr_types_fini(struct jfr_types *types);

uint32_t jfr_types_find(const struct jfr_types *types, uint64_t id); /* or JFR_NO_TYPE */

/* One field of a value: what it is if it is a number, and where it begins. */
struct jfr_value {
	uint64_t number;
	const uint8_t *at; /* NULL = there is no such field */
	uint32_t type;
	bool is_list;
};

/* Reads a whole value of the type and picks its fields `names`, NULL at the end, into ret. */
bool jfr_types_value(const struct jfr_types *types, uint32_t type, struct jfr_reader *in,
	const char *const *names, struct jfr_value *ret);

#endif
