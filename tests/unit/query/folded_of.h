/* folded_of: a profile as sorted lines "LABEL=VALUE root;leaf 3", to compare two by. */
#ifndef TESTS_FOLDED_OF_H
#define TESTS_FOLDED_OF_H

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "model/profile.h"

static inline void folded_stack(const struct profile *p, uint32_t stack, struct buf *out)
{
	const struct stack_node *node = &p->stacks.nodes[stack];
	const struct location *location;

	if (!stack)
		return;
	location = &p->locations[node->location];
	folded_stack(p, node->parent, out);
	if (node->parent)
		buf_add_char(out, ';');
	for (uint32_t i = location->n_lines; i-- > 0;) {
		const struct line *line = &p->lines[location->first_line + i];

		buf_add_view(out, profile_text(p, p->functions[line->function].name));
		if (i)
			buf_add_char(out, ';');
	}
	if (location->n_lines == 0)
		buf_add_format(out, "0x%" PRIx64, location->address);
}

static inline void folded_sample(const struct profile *p, size_t sample, struct buf *out)
{
	const struct label_set *set = &p->label_sets[p->samples[sample].labels];

	for (uint32_t i = 0; p->samples[sample].labels && i < set->count; i++) {
		const struct label *label = &p->labels[set->first + i];

		buf_add_view(out, profile_text(p, label->key));
		buf_add_char(out, '=');
		buf_add_view(out, profile_text(p, label->str));
		buf_add_char(out, ' ');
	}
	folded_stack(p, p->samples[sample].stack, out);
	buf_add_char(out, ' ');
}

struct folded_line {
	struct buf text;
	int64_t value;
};

static inline int folded_compare(const void *a, const void *b)
{
	return view_compare(buf_view(&((const struct folded_line *)a)->text),
		buf_view(&((const struct folded_line *)b)->text));
}

/* Lines that are the same become one; what adds up to 0 is left out. Frees the texts. */
static inline void folded_join(struct folded_line *lines, size_t n, struct buf *out)
{
	if (n)
		qsort(lines, n, sizeof(*lines), folded_compare);
	for (size_t i = 0, end; i < n; i = end) {
		int64_t value = 0;

		for (end = i; end < n && folded_compare(&lines[i], &lines[end]) == 0; end++)
			value += lines[end].value;
		if (value) {
			buf_add_view(out, buf_view(&lines[i].text));
			buf_add_format(out, "%" PRId64 "\n", value);
		}
	}
	for (size_t i = 0; i < n; i++)
		buf_fini(&lines[i].text);
}

/* Of the first type. */
static inline void folded_of(const struct profile *p, struct buf *out)
{
	struct folded_line *lines = calloc(p->n_samples + 1, sizeof(*lines));

	for (size_t i = 0; i < p->n_samples; i++) {
		folded_sample(p, i, &lines[i].text);
		lines[i].value = p->values[i * p->n_types];
	}
	folded_join(lines, p->n_samples, out);
	free(lines);
}

#endif
