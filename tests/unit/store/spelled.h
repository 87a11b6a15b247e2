/* spelled: a stack as text, from a profile or a dictionary, to compare the two. */
#ifndef SPELLED_H
#define SPELLED_H

#include <inttypes.h>

#include "base/buf.h"
#include "store/dictionary_write.h"

static inline void spelled_location(const struct profile *p, uint32_t id, struct buf *out)
{
	const struct location *location = &p->locations[id];

	for (uint32_t i = 0; i < location->n_lines; i++) {
		const struct line *line = &p->lines[location->first_line + i];

		buf_add_view(out, profile_text(p, p->functions[line->function].name));
		buf_add_char(out, '@');
		buf_add_view(out, profile_text(p, p->functions[line->function].file));
		buf_add_format(out, ":%" PRId64 ",", line->line);
	}
	if (location->n_lines == 0)
		buf_add_format(out, "0x%" PRIx64, location->address);
	buf_add_char(out, ' ');
	buf_add_view(out, profile_text(p, p->mappings[location->mapping].file));
}

/* Leaf first. */
static inline void spelled_stack(const struct profile *p, uint32_t stack, struct buf *out)
{
	for (; stack; stack = p->stacks.nodes[stack].parent) {
		spelled_location(p, p->stacks.nodes[stack].location, out);
		buf_add_char(out, ';');
	}
}

static inline void spelled_known(
	const struct store_dictionary *dictionary, uint32_t stack, struct buf *out)
{
	PROFILE_AUTO scratch = profile_new();
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &n);

	assert_true(stack < n);
	for (; stack; stack = nodes[stack].parent) {
		spelled_location(
			scratch, dictionary_location(dictionary, nodes[stack].frame, scratch), out);
		buf_add_char(out, ';');
	}
}

#endif
