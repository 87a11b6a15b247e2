/*
 * folded_encode: one line for each distinct stack of names, in code point order of whole lines.
 *
 * Lines are never built just to be sorted: under one parent, what a child's lines begin with
 * ("name 17" for its own, "name;" for those below it) already puts them in order.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/folded_format.h"
#include "codec/frame_names.h"
#include "model/profile.h"
#include "wire/utf8.h"

#define COLUMNS_MAX 2
#define COUNTS_MAX 64 /* characters of two counts */

/* What a parent's lines go on with: a child's own line, or all lines below the child. */
struct entry {
	uint32_t node;
	bool is_own;
};

struct writer {
	const struct profile *from;
	struct buf *out;
	struct err *err;
	struct frame_names names;
	size_t columns[COLUMNS_MAX]; /* indexes of sample types */
	size_t n_columns;
	unsigned decimals;
	int64_t *sums;         /* owned; n_columns for each name stack */
	uint8_t *has_below;    /* owned; whether a descendant has a line */
	size_t *first;         /* owned; of each name stack's entries, and one more for the end */
	struct entry *entries; /* owned */
	struct buf path;       /* "main;work;" */
};

static bool ends_like_a_count(struct view name, size_t *ret_space)
{
	size_t at = name.len;

	while (at && ((name.at[at - 1] >= '0' && name.at[at - 1] <= '9') || name.at[at - 1] == '.'))
		at--;
	*ret_space = at - 1;
	return at && at < name.len && name.at[at - 1] == ' ';
}

/* A frame's name may hold anything but what separates frames, lines and counts. */
static void clean(struct view name, struct buf *out)
{
	size_t start = out->len, space;

	while (name.len) {
		size_t n = utf8_sequence(name);

		if (n == 0)
			buf_add_text(out, UTF8_REPLACEMENT);
		else if (n > 1)
			buf_add(out, name.at, n);
		else if (*name.at == ';')
			buf_add_char(out, ':');
		else
			buf_add_char(out, (uint8_t)*name.at < ' ' ? ' ' : *name.at);
		n += n == 0;
		name = (struct view){ name.at + n, name.len - n };
	}
	/* "operator 12" would read as a name and the first of two counts. */
	if (!out->failed && out->len > start &&
		ends_like_a_count((struct view){ out->at + start, out->len - start }, &space))
		out->at[start + space] = '_';
}

static int choose_columns(struct writer *w)
{
	const struct profile *p = w->from;
	int base = profile_find_type(p, FOLDED_BASE), new = profile_find_type(p, FOLDED_NEW);
	int type = profile_find_type(p, VIEW("")), samples = profile_find_type(p, VIEW("samples"));

	if (p->n_types == 0)
		return p->n_samples ? err_set(w->err, ERR_USAGE, "samples without a type") : 0;
	if (base >= 0 && new >= 0) {
		w->columns[w->n_columns++] = (size_t)base;
		type = new;
	} else if (samples >= 0 && view_equal(profile_text(p, p->types[type].type), VIEW("cpu"))) {
		/* Every folding tool counts samples, not nanoseconds. */
		type = samples;
	}
	w->columns[w->n_columns++] = (size_t)type;
	w->decimals = folded_format_decimals(profile_text(p, p->types[type].unit));
	return 0;
}

/* The empty stack counts, also where nothing was ever pushed on it. */
static size_t stack_count(const struct writer *w)
{
	return w->names.stacks.count ? w->names.stacks.count : 1;
}

static int sum_samples(struct writer *w)
{
	const struct profile *p = w->from;

	w->sums = calloc(stack_count(w) * COLUMNS_MAX, sizeof(*w->sums));
	if (!w->sums)
		return err_set(w->err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t stack = w->names.of_stack[p->samples[i].stack];

		for (size_t c = 0; c < w->n_columns; c++) {
			int64_t value = p->values[i * p->n_types + w->columns[c]];
			int64_t *sum = &w->sums[stack * w->n_columns + c];

			if (value < 0)
				return err_set(w->err, ERR_UNSUPPORTED,
					"a sample of %lld: folded stacks have no negative counts",
					(long long)value);
			if (__builtin_add_overflow(*sum, value, sum))
				*sum = INT64_MAX;
		}
	}
	return 0;
}

static bool has_line(const struct writer *w, uint32_t node)
{
	for (size_t c = 0; c < w->n_columns; c++)
		if (w->sums[node * w->n_columns + c])
			return true;
	return false;
}

/* Appends " 12 17.5", at most COUNTS_MAX characters; returns how many. */
static size_t print_counts(const struct writer *w, uint32_t node, char text[COUNTS_MAX])
{
	size_t len = 0;

	for (size_t c = 0; c < w->n_columns; c++) {
		uint64_t count = (uint64_t)w->sums[node * w->n_columns + c], unit = 1;

		for (unsigned i = 0; i < w->decimals; i++)
			unit *= 10;
		len += (size_t)snprintf(
			text + len, COUNTS_MAX - len, " %llu", (unsigned long long)(count / unit));
		if (count % unit == 0)
			continue;
		len += (size_t)snprintf(text + len, COUNTS_MAX - len, ".%0*llu", (int)w->decimals,
			(unsigned long long)(count % unit));
		while (text[len - 1] == '0')
			len--;
	}
	return len;
}

static struct view name_of(const struct writer *w, uint32_t node)
{
	return node == STACK_EMPTY
		       ? VIEW("")
		       : strings_at(&w->names.names, w->names.stacks.nodes[node].location);
}

/* The i-th byte of what the entry's lines begin with, -1 behind the end of its own line. */
static int byte_of(const struct writer *w, const struct entry *entry, size_t i)
{
	struct view name = name_of(w, entry->node);
	char counts[COUNTS_MAX];

	if (i < name.len)
		return (uint8_t)name.at[i];
	if (!entry->is_own)
		return ';';
	return i - name.len < print_counts(w, entry->node, counts) ? counts[i - name.len] : -1;
}

static int compare_entries(const void *left, const void *right, void *owner)
{
	const struct entry *a = left, *b = right;
	const struct writer *w = owner;
	struct view a_name = name_of(w, a->node), b_name = name_of(w, b->node);
	size_t i = a_name.len < b_name.len ? a_name.len : b_name.len;
	int order = i ? memcmp(a_name.at, b_name.at, i) : 0;

	/* Names hold no ';', so no two different entries agree past the longer name's end. */
	for (; order == 0 && a->node != b->node; i++) {
		int x = byte_of(w, a, i), y = byte_of(w, b, i);

		order = x - y;
		if (x < 0 || y < 0)
			break;
	}
	return order ? order : b->is_own - a->is_own;
}

static void add_entry(struct writer *w, size_t *next, uint32_t parent, struct entry entry)
{
	if (w->entries)
		w->entries[next[parent]] = entry;
	next[parent]++;
}

/* Counts the entries of each parent into `next`, or puts them in place there. */
static void scan_entries(struct writer *w, size_t *next)
{
	const struct stack_node *nodes = w->names.stacks.nodes;

	if (has_line(w, STACK_EMPTY))
		add_entry(w, next, STACK_EMPTY, (struct entry){ STACK_EMPTY, true });
	for (uint32_t i = 1; i < w->names.stacks.count; i++) {
		if (has_line(w, i))
			add_entry(w, next, nodes[i].parent, (struct entry){ i, true });
		if (w->has_below[i])
			add_entry(w, next, nodes[i].parent, (struct entry){ i, false });
	}
}

static int sort_entries(struct writer *w)
{
	size_t count = stack_count(w), sum = 0;
	size_t *next = calloc(count, sizeof(*next));

	w->first = calloc(count + 1, sizeof(*w->first));
	w->has_below = calloc(count, 1);
	if (!next || !w->first || !w->has_below)
		goto out;
	for (size_t i = count; i-- > 1;)
		if (w->has_below[i] || has_line(w, (uint32_t)i))
			w->has_below[w->names.stacks.nodes[i].parent] = 1;
	scan_entries(w, next);
	for (size_t i = 0; i < count; i++) {
		w->first[i] = sum;
		sum += next[i];
		next[i] = w->first[i];
	}
	w->first[count] = sum;
	w->entries = malloc((sum + 1) * sizeof(*w->entries));
	if (!w->entries)
		goto out;
	scan_entries(w, next);
	for (size_t i = 0; i < count; i++)
		if (w->first[i + 1] - w->first[i] > 1)
			qsort_r(w->entries + w->first[i], w->first[i + 1] - w->first[i],
				sizeof(*w->entries), compare_entries, w);
out:
	free(next);
	return w->entries ? 0 : err_set(w->err, ERR_NOMEM, "out of memory");
}

/* A parent whose lines are being written. */
struct level {
	size_t next, end; /* entries */
	size_t path_len;  /* of the parent's own path */
};

static void write_own(struct writer *w, uint32_t node)
{
	char counts[COUNTS_MAX];
	size_t len = print_counts(w, node, counts);

	buf_add_view(w->out, buf_view(&w->path));
	buf_add_view(w->out, name_of(w, node));
	buf_add(w->out, counts, len);
	buf_add_char(w->out, '\n');
}

static int write_lines(struct writer *w)
{
	struct level *levels = NULL, *top;
	size_t n_levels = 0, cap_levels = 0;
	uint32_t node = STACK_EMPTY;
	bool failed = true;

	do {
		if (node != STACK_EMPTY) {
			buf_add_view(&w->path, name_of(w, node));
			buf_add_char(&w->path, ';');
		}
		top = VEC_ADD(levels, n_levels, cap_levels);
		if (!top)
			goto out;
		*top = (struct level){ w->first[node], w->first[node + 1], w->path.len };
		node = STACK_EMPTY;
		while (n_levels && node == STACK_EMPTY) {
			top = &levels[n_levels - 1];
			w->path.len = top->path_len;
			if (top->next == top->end)
				n_levels--;
			else if (w->entries[top->next].is_own)
				write_own(w, w->entries[top->next++].node);
			else
				node = w->entries[top->next++].node;
		}
	} while (n_levels);
	failed = w->out->failed || w->path.failed;
out:
	free(levels);
	return failed ? err_set(w->err, ERR_NOMEM, "the text does not fit into memory") : 0;
}

int folded_encode(const struct profile *from, struct buf *out, struct err *err)
{
	struct writer w = { .from = from, .out = out, .err = err };
	int rc = choose_columns(&w);

	if (rc == 0)
		rc = frame_names_init(&w.names, from, clean, err);
	if (rc == 0)
		rc = sum_samples(&w);
	if (rc == 0)
		rc = sort_entries(&w);
	if (rc == 0)
		rc = write_lines(&w);
	frame_names_fini(&w.names);
	free(w.sums);
	free(w.has_below);
	free(w.first);
	free(w.entries);
	buf_fini(&w.path);
	return rc;
}
