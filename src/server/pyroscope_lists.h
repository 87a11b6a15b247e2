/*
 * pyroscope_lists: querier.v1's questions about what is kept: types, labels, series.
 *
 * Answers are of whole days that the range touches. Of several matchers each adds what it finds.
 */
#ifndef SERVER_PYROSCOPE_LISTS_H
#define SERVER_PYROSCOPE_LISTS_H

#include "model/strings.h"
#include "server/connect.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

/* The owner is the store. */
extern const struct connect_method pyroscope_lists_types, pyroscope_lists_names,
	pyroscope_lists_values, pyroscope_lists_series;

/* For those who ask without Connect: the names of labels, or the values of request->name, each
 * once, in any order after the empty one. strings_fini also after an error. */
int pyroscope_lists_find_names(struct store *store, struct view tenant,
	const struct pyroscope_request *request, struct strings *ret, struct err *err);
int pyroscope_lists_find_values(struct store *store, struct view tenant,
	const struct pyroscope_request *request, struct strings *ret, struct err *err);

/* The same texts, sorted, without the empty one: *ret has count - 1 and is the caller's. */
int pyroscope_lists_sort(const struct strings *texts, struct view **ret, struct err *err);

#endif
