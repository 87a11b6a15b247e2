/*
 * pyroscope_heatmap: how many profiles, or spans of profiles, had how much, over time.
 *
 * Columns are those of pyroscope_grid.h, with one more for what comes after its last point; rows
 * are 20 ranges of one height from the least to the largest value of all lines. There is a line for
 * each set of values of the labels that are grouped by.
 */
#ifndef SERVER_PYROSCOPE_HEATMAP_H
#define SERVER_PYROSCOPE_HEATMAP_H

#include "server/connect.h"

#define PYROSCOPE_HEATMAP_ROWS 20u
#define PYROSCOPE_HEATMAP_THINGS_MAX 1000000u

/* The owner is the store. */
extern const struct connect_method pyroscope_heatmap_select;

#endif
