/*
 * labelset: the labels of a series while they are collected: sorted, each name once.
 *
 * Names are made ones that PromQL can say: what is no letter, digit or _ becomes _. Everything
 * added is copied. The first that meets a limit is remembered; later ones still go in.
 */
#ifndef INGEST_LABELSET_H
#define INGEST_LABELSET_H

#include <stdbool.h>

#include "base/arena.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "store/store.h"

#define LABELSET_MAX 64

struct labelset {
	struct arena *arena; /* borrowed */
	struct store_label at[LABELSET_MAX];
	size_t n;
	bool failed; /* no memory */
};

void labelset_init(struct labelset *set, struct arena *arena);

/* Replaces the value of the name; an empty one takes the label away. False if the set is full. */
bool labelset_set(struct labelset *set, struct view name, struct view value);

struct view labelset_find(const struct labelset *set, const char *name); /* "" = not there */
void labelset_remove(struct labelset *set, const char *name);

/* `to` becomes the same labels; its arena stays its own, and is the longer-lived one. */
void labelset_copy(struct labelset *to, const struct labelset *from);

struct store_labels labelset_view(const struct labelset *set);
uint64_t labelset_hash(const struct labelset *set);

/* ERR_USAGE with a refusal that names the label, the limit and its setting. */
int labelset_check(
	const struct labelset *set, const struct limits *limits, struct refusal *refusal);

#endif
