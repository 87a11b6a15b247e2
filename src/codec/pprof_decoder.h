/*
 * pprof_decoder: the state of one decoding, shared by its two halves.
 *
 * pprof_decode.c surveys the file and reads every table; pprof_samples.c reads the samples,
 * which are nearly all of the bytes.
 */
#ifndef CODEC_PPROF_DECODER_H
#define CODEC_PPROF_DECODER_H

#include "codec/pprof_format.h"
#include "codec/pprof_ids.h"
#include "model/profile.h"
#include "wire/proto.h"

/* Where the fields of one kind are: from the first to behind the last, others may lie between. */
struct pprof_part {
	const uint8_t *from, *to;
	size_t count;
};

struct pprof_decoder {
	struct view bytes;
	struct profile *into;
	struct err *err;
	struct pprof_part parts[PPROF_FIELDS];
	uint64_t numbers[PPROF_FIELDS]; /* of the fields that are one number */
	struct view *strings;           /* owned */
	uint32_t *string_ids;           /* owned; the model's, PROFILE_NONE until one is used */
	size_t n_strings;
	struct pprof_ids mappings, functions, locations;
	struct line *lines; /* owned; of the location being read */
	size_t n_lines, cap_lines;
};

/* Sets the error to `code` and "at byte N: …"; returns code. */
int pprof_decoder_fail(const struct pprof_decoder *d, int code, const void *at, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* The same for a message whose reader stopped; 0 if it just came to its end. */
int pprof_decoder_end(const struct pprof_decoder *d, const struct proto *in);

/* The model's id of the text with that index in the file's table. */
int pprof_decoder_string(
	struct pprof_decoder *d, uint64_t index, const void *at, uint32_t *ret_string);

/* A field of numbers (unpacked: one of them) as a message of varints only. */
int pprof_decoder_wire(const struct pprof_decoder *d, const struct proto_field *field,
	enum proto_wire wire, const void *at);

/* All samples, into the profile. */
int pprof_samples_decode(struct pprof_decoder *d);

#endif
