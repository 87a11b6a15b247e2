/*
 * pyroscope_grouping: series told apart by the labels that a request groups by, as many as it
 * names; those of their type too.
 */
#ifndef SERVER_PYROSCOPE_GROUPING_H
#define SERVER_PYROSCOPE_GROUPING_H

#include "model/strings.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

struct pyroscope_grouping { /* begins as { .names = …, .type = … } */
	const struct pyroscope_texts *names;
	const struct store_type *type;
	struct strings sets; /* of a group: its labels as the fields of types.v1.Labels */
};

/* The number of the series' group: from 0, which is that of series without any of the labels, in
 * the order of meeting. STRINGS_NONE without memory. */
uint32_t pyroscope_grouping_of(
	struct pyroscope_grouping *grouping, const struct store_series *series);
void pyroscope_grouping_fini(struct pyroscope_grouping *grouping);

/* Fields of types.v1.Labels, which those of Series and HeatmapSeries have the number of. */
struct view pyroscope_grouping_labels(const struct pyroscope_grouping *grouping, uint32_t group);

/* The value of one label in such fields; "" if it is not there. */
struct view pyroscope_grouping_value(struct view labels, struct view name);

#endif
