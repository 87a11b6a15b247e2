/*
 * jfr_chunk: one chunk of a recording, with its types and its values that others name by number.
 */
#ifndef CODEC_JFR_CHUNK_H
#define CODEC_JFR_CHUNK_H

#include "base/err.h"
#include "codec/jfr_types.h"

enum jfr_pool { /* of those that are needed */
	JFR_STACKS,
	JFR_METHODS,
	JFR_CLASSES,
	JFR_SYMBOLS,
	JFR_TEXTS,
	JFR_STATES,
	JFR_POOLS
};

struct jfr_chunk {
	struct view bytes;
	uint64_t checkpoint, metadata; /* where they are in it */
	int64_t time_ns, duration_ns;
	uint64_t ticks_per_s;
	bool is_fixed;
	struct jfr_types types;
	uint32_t pool_types[JFR_POOLS];
	struct map pools[JFR_POOLS]; /* number -> where the value begins, in the chunk */
	struct arena texts;
	uint64_t steps;        /* left, of all reading */
	bool is_out_of_memory; /* a text that is there could not be read */
};

/* The chunk that `rest` begins with; *rest goes on behind it. Also after an error it is to be
 * freed. `entries_max` is of all pools together. */
int jfr_chunk_open(struct view *rest, size_t entries_max, struct jfr_chunk *ret, struct err *err);
void jfr_chunk_close(struct jfr_chunk *chunk);

/* A reader at a place of the chunk, NULL = its events; what it does counts with jfr_chunk_end. */
struct jfr_reader jfr_chunk_read(const struct jfr_chunk *chunk, const uint8_t *at);
void jfr_chunk_end(struct jfr_chunk *chunk, const struct jfr_reader *in);

/* The fields `names` of a pool's value; false if it is not there. */
bool jfr_chunk_value(struct jfr_chunk *chunk, enum jfr_pool pool, uint64_t number,
	const char *const *names, struct jfr_value *ret);

/* The text that a value of the type String is, or one of a pool of such values with one String in
 * each, such as symbols; "" if it is none. */
struct view jfr_chunk_text(struct jfr_chunk *chunk, const struct jfr_value *value);
struct view jfr_chunk_pooled_text(
	struct jfr_chunk *chunk, enum jfr_pool pool, uint64_t number, const char *name);

/* ERR_CORRUPT with the place. */
int jfr_chunk_fail(const struct jfr_chunk *chunk, const struct jfr_reader *in, struct err *err);

#endif
