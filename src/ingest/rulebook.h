/*
 * rulebook: the limits of now, which a reload may replace while requests are held against them.
 */
#ifndef INGEST_RULEBOOK_H
#define INGEST_RULEBOOK_H

#include <stdbool.h>

#include "ingest/limits.h"

struct rulebook;

struct rulebook *rulebook_new(const struct limits *limits); /* copied; NULL without memory */
void rulebook_free(struct rulebook *book);                  /* NULL is fine */

/* From any thread. What was given before stays good until rulebook_free, so that a request is held
 * against the same limits from its beginning to its end. */
const struct limits *rulebook_limits(const struct rulebook *book);

/* By one thread at a time. False without memory: then nothing has changed. */
bool rulebook_replace(struct rulebook *book, const struct limits *limits);

#endif
