/* nearest: the name that was probably meant. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/* Words longer than this are never compared. */
#define NEAREST_WORD_MAX 63

/*
 * How many letters must be inserted, deleted, replaced or swapped with their neighbour to make
 * `b` of `a` (optimal string alignment); NEAREST_WORD_MAX + 1 if a word is too long.
 */
size_t nearest_distance(const char *a, const char *b);

/* Keeps in *best the nearer of *best (may be NULL) and `name`; names too unlike `typed` never win.
 */
void nearest_consider(const char *typed, const char *name, const char **best);

#endif
