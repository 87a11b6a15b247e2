/*
 * otlp_load: profiles made of the scanned columns of an OTLP message.
 */
#ifndef CODEC_OTLP_LOAD_H
#define CODEC_OTLP_LOAD_H

#include "codec/otlp_label.h"

#define OTLP_LOAD_MEMOS 256

/* What a dictionary's entry has become; worth something only in the round that it was made in. */
struct otlp_made {
	uint32_t round, id;
};

struct otlp_set_memo {
	uint32_t round, set;
	struct view attributes; /* as the sample lists them */
	uint64_t link;
};

/* Each array is owned. */
struct otlp_loader {
	const struct otlp_columns *from;
	struct err *err;
	struct profile *into;
	uint32_t round; /* one for each profile that things are loaded into */
	struct otlp_made *strings, *mappings, *functions, *locations, *stacks;
	struct otlp_set_memo memos[OTLP_LOAD_MEMOS];
	struct arena texts; /* of labels; while one profile is loaded */
	struct otlp_label common[3 * OTLP_ATTRIBUTES_MAX + 2]; /* of all samples */
	size_t n_common;
	struct label *labels;
	uint32_t *path;
	struct line *lines;
	size_t cap_labels, cap_path, cap_lines;
	const char *scope; /* of the last profile, and in which round */
	uint32_t scope_round;
	bool knows_scope; /* what it says of the profile was said before */
	size_t left;      /* bytes that may still be made of this message */
};

int otlp_load_init(struct otlp_loader *l, const struct otlp_columns *from, struct err *err);
void otlp_load_fini(struct otlp_loader *l);

/* From now on, things go into this one. */
void otlp_load_begin(struct otlp_loader *l, struct profile *into);

/* What is said about all samples of a profile, into `common`, and about the profile itself. */
int otlp_load_header(struct otlp_loader *l, const struct otlp_profile *p);

/* Its samples, as values of the profile's sample type number `type`; the common labels become
 * labels of each if with_common. */
int otlp_samples_load(
	struct otlp_loader *l, const struct otlp_profile *p, size_t type, bool with_common);

/* The string of the dictionary, in the profile. */
uint32_t otlp_load_string(struct otlp_loader *l, uint32_t index);

/* Takes from what the message may still cost. ERR_LIMIT. */
int otlp_load_spend(struct otlp_loader *l, size_t bytes);

/* The dictionary's location or mapping in the profile; PROFILE_NONE after an error. */
uint32_t otlp_places_location(struct otlp_loader *l, uint32_t index);

#endif
