/*
 * record: the samples of an entry as a store keeps them: sorted, in columns, with dense stacks.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "store/dictionary_write.h"
#include "store/store.h"

struct record {
	int64_t begin_ns, end_ns;
	uint8_t id[16];
	uint64_t short_id; /* a hash of it, for ever the same */
	size_t n_types, n;
	int64_t totals[PROFILE_TYPES_MAX];
	/* Owned, sorted by stack, then span; each pair once. */
	uint32_t *stacks;
	int64_t *values;          /* column by column: values[type * n + i] */
	uint32_t *span_of;        /* spans[span_of[i] - 1], 0 = none; NULL: no sample has one */
	struct store_span *spans; /* owned; sorted, each once */
	size_t n_spans;
};

/* `pass` leads from the entry's profile into the series' dictionary. Finish with record_fini, also
 * after an error. */
int record_build(struct record *record, const struct store_entry *entry,
	struct dictionary_pass *pass, struct err *err);
void record_fini(struct record *record);

/* Whether a sample of the span is asked for; NULL: it has none. */
bool record_selects_span(const struct store_select *select, const struct store_span *span);

static inline bool record_asks_for_spans(const struct store_select *select)
{
	return select->traces || select->spans;
}

/* When the first of the profiles asked for may begin. */
int64_t record_earliest_ns(const struct store_select *select);

/* Whether a profile from begin to end is one of them. */
bool record_is_in(const struct store_select *select, int64_t begin_ns, int64_t end_ns);

#endif
