/*
 * otlp_scan: an OTLP message as flat columns, every index and limit checked.
 *
 * Nothing is copied: texts are views into the message. Samples are only counted, and looked at for
 * the layout they are in; otlp_load.c reads them.
 */
#ifndef CODEC_OTLP_SCAN_H
#define CODEC_OTLP_SCAN_H

#include "codec/otlp_format.h"
#include "model/profile.h"
#include "wire/proto.h"

struct otlp_run { /* of columns.indices */
	uint32_t first, count;
};

struct otlp_attribute {
	struct view key, unit, value; /* the value is an AnyValue */
};

struct otlp_mapped { /* strings are indexes into the dictionary's */
	struct mapping mapping;
	struct otlp_run attributes;
};

struct otlp_place {
	struct location location;
	struct otlp_run attributes;
};

struct otlp_id_pair {
	struct view trace, span;
};

struct otlp_profile {
	struct view message, resource, scope;
	struct value_type type, period_type; /* strings of the dictionary */
	int64_t period;
	uint64_t time_ns, duration_ns;
	struct view id;
	struct otlp_run attributes;
	size_t n_samples;
};

struct otlp_columns { /* arrays are owned */
	struct view bytes;
	struct err *err;
	struct view *strings;
	struct otlp_mapped *mappings;
	struct function *functions;
	struct otlp_place *locations;
	struct line *lines;
	struct otlp_id_pair *links;
	struct otlp_attribute *attributes;
	struct otlp_run *stacks;
	uint32_t *indices;
	struct otlp_profile *profiles;
	size_t n_strings, n_mappings, n_functions, n_locations, n_lines, n_links, n_attributes;
	size_t n_stacks, n_indices, n_profiles;
	size_t cap_strings, cap_mappings, cap_functions, cap_locations, cap_lines, cap_links;
	size_t cap_attributes, cap_stacks, cap_indices, cap_profiles;
	bool is_old; /* samples are laid out as before proto 1.10 */
};

/* The columns hold views into `bytes`. After an error, too, they are to be freed with fini. */
int otlp_scan(struct view bytes, struct otlp_columns *ret, struct err *err);
void otlp_scan_fini(struct otlp_columns *columns);

/* Sets the error to `code` and "at byte N: …"; returns code. */
int otlp_scan_fail(const struct otlp_columns *c, int code, const void *at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int otlp_scan_nomem(const struct otlp_columns *c);

/* The same for a message whose reader stopped; 0 if it just came to its end. */
int otlp_scan_end(const struct otlp_columns *c, const struct proto *in);

/* Says so unless the field has this wire type. */
int otlp_scan_wire(
	const struct otlp_columns *c, const struct proto_field *field, enum proto_wire wire);

/* Appends a repeated number, packed or not, to the indices that `run` holds, of at most `max`. */
int otlp_scan_indices(
	struct otlp_columns *c, const struct proto_field *field, struct otlp_run *run, size_t max);

/* One of an attribute outside the dictionary: the key is its own text, or a string of the table. */
int otlp_scan_key_value(
	const struct otlp_columns *c, struct view message, struct otlp_attribute *ret);

/* The dictionary's tables; called for each piece of it. Then, once all was seen, its indexes. */
int otlp_dictionary_scan(struct otlp_columns *c, struct view message);
int otlp_dictionary_check(struct otlp_columns *c);

/* Which layout the samples of all profiles are in. */
int otlp_layout_find(struct otlp_columns *c);

#endif
