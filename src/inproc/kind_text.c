/* kind_text: a snapshot as text to read: what ?debug=1 shows. */
#include "inproc/kind_text.h"

#include <string.h>

#include <stdlib.h>

/* Which value decides the order, of each shape. */
static size_t order_of(const struct kind *kind, const struct profile *p)
{
	if (kind->text == KIND_TEXT_COUNT)
		return 0;
	return p->n_types - 1;
}

static const int64_t *values_of(const struct profile *p, uint32_t sample)
{
	return &p->values[sample * p->n_types];
}

struct ranked {
	int64_t value;
	uint32_t sample;
};

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return x->sample < y->sample ? -1 : x->sample > y->sample;
}

static void put_numbers(enum kind_text text, const int64_t *v, struct buf *out)
{
	if (text == KIND_TEXT_HEAP)
		buf_add_format(out, "%lld: %lld [%lld: %lld] @", (long long)v[2], (long long)v[3],
			(long long)v[0], (long long)v[1]);
	else if (text == KIND_TEXT_CONTENTION)
		buf_add_format(out, "%lld %lld @", (long long)v[1], (long long)v[0]);
	else
		buf_add_format(out, "%lld @", (long long)v[0]);
}

static void put_head(
	const struct kind *kind, const struct profile *p, const int64_t *total, struct buf *out)
{
	if (kind->text == KIND_TEXT_HEAP) {
		buf_add_text(out, "heap profile: ");
		put_numbers(kind->text, total, out);
		buf_add_text(out, " heapprofile\n");
	} else if (kind->text == KIND_TEXT_CONTENTION) {
		buf_add_format(out, "--- %s:\ncycles/second=1000000000\n",
			strcmp(kind->name, "mutex") == 0 ? "mutex" : "contention");
	} else {
		buf_add_format(out, "%s profile: total %lld\n", kind->name, (long long)total[0]);
	}
}

static void put_stack(const struct profile *p, uint32_t stack, struct buf *out)
{
	for (; stack != STACK_EMPTY; stack = p->stacks.nodes[stack].parent)
		buf_add_format(out, " 0x%llx",
			(unsigned long long)p->locations[p->stacks.nodes[stack].location].address);
	buf_add_char(out, '\n');
}

static void put_names(const struct profile *p, uint32_t stack, struct buf *out)
{
	for (; stack != STACK_EMPTY; stack = p->stacks.nodes[stack].parent) {
		const struct location *l = &p->locations[p->stacks.nodes[stack].location];

		for (uint32_t i = 0; i < l->n_lines; i++) {
			const struct line *line = &p->lines[l->first_line + i];

			buf_add_format(out, "#\t0x%llx\t", (unsigned long long)l->address);
			buf_add_view(out, profile_text(p, p->functions[line->function].name));
			buf_add_char(out, '\n');
		}
	}
	buf_add_char(out, '\n');
}

void kind_text_write(const struct kind *kind, const struct profile *p, struct buf *out)
{
	struct ranked *ranked = calloc(p->n_samples ? p->n_samples : 1, sizeof(*ranked));
	int64_t total[PROFILE_TYPES_MAX] = { 0 };
	size_t order = order_of(kind, p);

	if (!ranked) {
		out->failed = true;
		return;
	}
	for (uint32_t i = 0; i < p->n_samples; i++) {
		ranked[i] = (struct ranked){ values_of(p, i)[order], i };
		for (size_t k = 0; k < p->n_types; k++)
			if (__builtin_add_overflow(total[k], values_of(p, i)[k], &total[k]))
				total[k] = INT64_MAX;
	}
	qsort(ranked, p->n_samples, sizeof(*ranked), by_value);
	put_head(kind, p, total, out);
	for (size_t i = 0; i < p->n_samples; i++) {
		const struct sample *sample = &p->samples[ranked[i].sample];

		put_numbers(kind->text, values_of(p, ranked[i].sample), out);
		put_stack(p, sample->stack, out);
		put_names(p, sample->stack, out);
	}
	free(ranked);
}
