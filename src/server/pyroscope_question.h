/*
 * pyroscope_question: what a request to Pyroscope's API asks the store.
 *
 * Some labels are not on a series but in its types: __profile_type__ (the whole id), __name__,
 * __type__, __unit__, __period_type__ and __period_unit__. Conditions on them are held against
 * types; conditions on all others are the store's.
 */
#ifndef SERVER_PYROSCOPE_QUESTION_H
#define SERVER_PYROSCOPE_QUESTION_H

#include "base/buf.h"
#include "query/selector.h"
#include "server/pyroscope_request.h"

#define PYROSCOPE_TYPE_LABELS 6u

struct pyroscope_question {
	struct selector selector;
	struct store_select select; /* borrows from the rest */
	size_t n_type_matchers;     /* in selector.matchers, behind those of the select */
	bool is_nothing;            /* no profile can be meant */
	uint8_t traces[PYROSCOPE_REQUEST_TEXTS_MAX][16], spans[PYROSCOPE_REQUEST_TEXTS_MAX][8];
};

/* What all questions have: a selector (one of the matchers, or the label selector) and times, which
 * are the last day if none are said. ERR_USAGE with a sentence. pyroscope_question_fini also after
 * an error. */
int pyroscope_question_list(struct pyroscope_question *question,
	const struct pyroscope_request *request, struct view selector, struct view tenant,
	struct err *err);

/* The same with a type, with times, and with traces and spans. */
int pyroscope_question_profiles(struct pyroscope_question *question,
	const struct pyroscope_request *request, struct view tenant, struct err *err);
void pyroscope_question_fini(struct pyroscope_question *question);

/* Whether the conditions on the type hold. */
bool pyroscope_question_meets(
	const struct pyroscope_question *question, const struct store_type *type);

/* The id of a type: five parts, with colons between them. */
void pyroscope_question_type_id(const struct store_type *type, struct buf *out);

/* The labels that are in a type, sorted by name. `id` is its id. */
void pyroscope_question_type_labels(const struct store_type *type, struct view id,
	struct store_label ret[PYROSCOPE_TYPE_LABELS]);

/* Whether it is one of those labels. */
bool pyroscope_question_in_type(struct view label);

#endif
