/* strata_walk: one family of all files at once, in the order of the keys. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/strata.h"

struct source {                       /* a table, or the logs */
	struct sstfile_cursor cursor; /* of a table */
	const struct strata_entry *logged, *end;
	struct stored now;
};

struct walk {
	struct strata *strata;
	struct source *sources; /* owned */
	struct source **heap;   /* owned; those that have something, the first key on top */
	size_t n_sources, n;
	struct buf last; /* the key that was seen last */
	bool has_last;
};

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void tell_of_block(void *owner, const struct sstfile *file, const char *sentence)
{
	struct strata *strata = owner;

	strata->damage(strata->owner, name_of(file->path), sentence);
}

static bool is_before(const struct source *a, const struct source *b)
{
	int order = view_compare(a->now.key, b->now.key);

	return order ? order < 0 : a->now.number > b->now.number;
}

static void swap(struct walk *walk, size_t i, size_t k)
{
	struct source *one = walk->heap[i];

	walk->heap[i] = walk->heap[k];
	walk->heap[k] = one;
}

static void sift_down(struct walk *walk, size_t i)
{
	for (;;) {
		size_t first = i, left = 2 * i + 1;

		if (left < walk->n && is_before(walk->heap[left], walk->heap[first]))
			first = left;
		if (left + 1 < walk->n && is_before(walk->heap[left + 1], walk->heap[first]))
			first = left + 1;
		if (first == i)
			return;
		swap(walk, i, first);
		i = first;
	}
}

/* A table that was read to its end has as many entries as it says, or some are gone unnoticed. */
static void count(struct walk *walk, const struct sstfile_cursor *cursor)
{
	const struct sstfile *file = cursor->file;
	char sentence[120];

	if (cursor->n_damaged || file->trouble[0] || file->range_deletions.size ||
		cursor->n_entries == file->n_entries)
		return;
	snprintf(sentence, sizeof(sentence), "it has %" PRIu64 " entries and should have %" PRIu64,
		cursor->n_entries, file->n_entries);
	tell_of_block(walk->strata, file, sentence);
}

static bool advance(struct walk *walk, struct source *source)
{
	if (source->logged) {
		if (source->logged == source->end)
			return false;
		source->now = (source->logged++)->of;
		return true;
	}
	if (sstfile_next(&source->cursor)) {
		source->now = source->cursor.now;
		return true;
	}
	count(walk, &source->cursor);
	return false;
}

/* ---- what holds of an entry ---- */

static bool is_deleted(const struct walk *walk, const struct stored *entry)
{
	if (entry->kind != STORED_VALUE)
		return true;
	for (size_t i = 0; i < walk->strata->n_ranges; i++) {
		const struct strata_range *range = &walk->strata->ranges[i];

		if (range->family == entry->family && range->number > entry->number &&
			view_compare((struct view){ range->from, range->from_len }, entry->key) <=
				0 &&
			view_compare(entry->key, (struct view){ range->to, range->to_len }) < 0)
			return true;
	}
	return false;
}

/* ---- all of it ---- */

static bool begin(struct walk *walk, enum rocks_family family)
{
	struct strata *strata = walk->strata;
	const struct strata_entry *from = strata->logged, *end = from + strata->n_logged;

	walk->sources = calloc(strata->n_tables + 1, sizeof(*walk->sources));
	walk->heap = calloc(strata->n_tables + 1, sizeof(*walk->heap));
	if (!walk->sources || !walk->heap)
		return false;
	for (size_t i = 0; i < strata->n_tables; i++)
		if (strata->tables[i].is_open && strata->tables[i].file.family == family)
			walk->sources[walk->n_sources++].cursor =
				(struct sstfile_cursor){ .file = &strata->tables[i].file,
					.damage = tell_of_block,
					.owner = strata };
	while (from < end && from->of.family < family)
		from++;
	for (end = from; end < strata->logged + strata->n_logged && end->of.family == family;)
		end++;
	if (from < end)
		walk->sources[walk->n_sources++] = (struct source){ .logged = from, .end = end };
	for (size_t i = 0; i < walk->n_sources; i++)
		if (advance(walk, &walk->sources[i]))
			walk->heap[walk->n++] = &walk->sources[i];
	for (size_t i = walk->n / 2 + 1; i-- > 0;)
		sift_down(walk, i);
	return true;
}

static void end(struct walk *walk)
{
	for (size_t i = 0; i < walk->n_sources; i++)
		sstfile_cursor_fini(&walk->sources[i].cursor);
	free(walk->sources);
	free(walk->heap);
	buf_fini(&walk->last);
}

int strata_walk(struct strata *strata, enum rocks_family family,
	int (*each)(void *owner, struct view key, struct view value), void *owner, struct err *err)
{
	struct walk walk = { .strata = strata };
	int rc = begin(&walk, family) ? 0 : ERR_NOMEM;

	while (rc == 0 && walk.n > 0) {
		struct source *first = walk.heap[0];

		if (!walk.has_last || !view_equal(buf_view(&walk.last), first->now.key)) {
			buf_clear(&walk.last);
			buf_add_view(&walk.last, first->now.key);
			walk.has_last = true;
			if (!is_deleted(&walk, &first->now))
				rc = each(owner, first->now.key, first->now.value);
		}
		if (!advance(&walk, first))
			walk.heap[0] = walk.heap[--walk.n];
		sift_down(&walk, 0);
	}
	if (walk.last.failed)
		rc = ERR_NOMEM;
	end(&walk);
	return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM, "out of memory") : rc;
}
