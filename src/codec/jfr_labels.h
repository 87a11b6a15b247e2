/*
 * jfr_labels: what the contexts of a recording are called, as Pyroscope's Java agent sends it.
 *
 *     LabelsSnapshot: contexts = 1 (map: number -> labels = 1 (map: key -> value, numbers of …)),
 *                     strings = 2 (… map: number -> text)
 */
#ifndef CODEC_JFR_LABELS_H
#define CODEC_JFR_LABELS_H

#include "base/err.h"
#include "base/map.h"
#include "base/view.h"

struct jfr_labels {
	struct map contexts;           /* number -> place in `messages` */
	struct map strings;            /* number -> place in `texts` */
	struct view *messages, *texts; /* owned arrays of views into the message */
	size_t n_messages, cap_messages, n_texts, cap_texts;
};

/* Views into `message`. ERR_CORRUPT, ERR_NOMEM. */
int jfr_labels_read(struct view message, struct jfr_labels *ret, struct err *err);
void jfr_labels_fini(struct jfr_labels *labels);

/* Each pair of a context: false at the end. Begin with a zeroed cursor. */
struct jfr_labels_cursor {
	struct view rest;
	bool has_begun;
};
bool jfr_labels_next(const struct jfr_labels *labels, uint64_t context,
	struct jfr_labels_cursor *cursor, struct view *ret_key, struct view *ret_value);

#endif
