/* jfr_made_end: the end of a recording made by hand: its types and what others name by number. */
#ifndef TESTS_JFR_MADE_END_H
#define TESTS_JFR_MADE_END_H

#include <stdio.h>

#include "codec/jfr_made.h"

static inline void made_attribute(
	struct made_strings *strings, struct buf *tree, const char *key, const char *value)
{
	made_number(tree, made_string(strings, key));
	made_number(tree, made_string(strings, value));
}

static inline void made_class(
	struct made_strings *strings, struct buf *tree, const struct made_type *type)
{
	static char ids[MADE_TYPES + 200][8];
	size_t n = 0;

	while (n < 4 && type->fields[n].name)
		n++;
	snprintf(ids[type->id], sizeof(ids[0]), "%d", type->id);
	made_number(tree, made_string(strings, "class"));
	made_number(tree, 2);
	made_attribute(strings, tree, "name", type->name);
	made_attribute(strings, tree, "id", ids[type->id]);
	made_number(tree, n);
	for (size_t i = 0; i < n; i++) {
		int id = type->fields[i].type;

		snprintf(ids[id], sizeof(ids[0]), "%d", id);
		made_number(tree, made_string(strings, "field"));
		made_number(tree, 4);
		made_attribute(strings, tree, "name", type->fields[i].name);
		made_attribute(strings, tree, "class", ids[id]);
		made_attribute(
			strings, tree, "constantPool", type->fields[i].pooled ? "true" : "false");
		made_attribute(strings, tree, "dimension", type->fields[i].list ? "1" : "0");
		made_number(tree, 0);
	}
}

static inline void made_metadata(struct buf *out)
{
	struct made_strings strings = { .n = 0 };
	BUF_AUTO tree = { 0 };
	BUF_AUTO content = { 0 };

	made_number(&tree, made_string(&strings, "root"));
	made_number(&tree, 0);
	made_number(&tree, 1);
	made_number(&tree, made_string(&strings, "metadata"));
	made_number(&tree, 0);
	made_number(&tree, MADE_TYPES);
	for (size_t i = 0; i < MADE_TYPES; i++)
		made_class(&strings, &tree, &made_types[i]);
	for (int i = 0; i < 4; i++) /* its type, begin, duration, its own number */
		made_number(&content, 0);
	made_number(&content, strings.n);
	for (size_t i = 0; i < strings.n; i++)
		made_text(&content, strings.at[i]);
	buf_add_view(&content, buf_view(&tree));
	made_event(out, &content);
}

static inline void made_two(struct buf *out, uint64_t one, uint64_t two)
{
	made_number(out, one);
	made_number(out, two);
}

static inline void made_names(struct buf *content)
{
	static const char *const symbols[] = { "shop/Till", "main", "work",
		"shop/Till$$Lambda$12+0x00007f01", "deep" };

	made_two(content, MADE_SYMBOL, 5);
	for (uint64_t i = 0; i < 5; i++) {
		made_number(content, i + 1);
		made_text(content, symbols[i]);
	}
	made_two(content, MADE_CLASS, 2);
	made_two(content, 1, 1), made_two(content, 2, 4);
	made_two(content, MADE_METHOD, 3);
	made_number(content, 1), made_two(content, 1, 2);
	made_number(content, 2), made_two(content, 1, 3);
	made_number(content, 3), made_two(content, 2, 5);
	made_two(content, MADE_STATE, 2);
	made_number(content, 1), made_text(content, "STATE_RUNNABLE");
	made_number(content, 2), made_text(content, "STATE_SLEEPING");
}

static inline void made_stacks(struct buf *content)
{
	made_two(content, MADE_STACK, 2);
	for (uint64_t stack = 1; stack <= 2; stack++) {
		made_number(content, stack);
		buf_add_char(content, stack == 2); /* cut off */
		made_number(content, stack + 1);
		made_two(content, 2, 7), made_two(content, 1, 3);
		if (stack == 2)
			made_two(content, 3, 0);
	}
}

static inline size_t made_checkpoint(
	struct buf *out, size_t before, int pools, void (*fill)(struct buf *content))
{
	BUF_AUTO content = { 0 };
	size_t at = out->len;

	made_two(&content, 1, 0); /* its type */
	made_number(&content, 0);
	made_number(&content, before ? (uint64_t)before - at : 0);
	buf_add_char(&content, 0);
	made_number(&content, (uint64_t)pools);
	fill(&content);
	made_event(out, &content);
	return at;
}

static inline void jfr_made_end(struct buf *out)
{
	size_t names = made_checkpoint(out, 0, 4, made_names);
	size_t stacks = made_checkpoint(out, names, 1, made_stacks);

	made_big(out, 16, stacks);
	made_big(out, 24, out->len);
	made_metadata(out);
	made_big(out, 8, out->len);
}

/* main > work ran for two ticks of 20 ms, the second of context 9, and slept for one. */
static inline void jfr_made(struct buf *out)
{
	jfr_made_begin(out);
	made_numbers(out, MADE_SAMPLE, 3, (uint64_t[]){ 1, 1, 0 });
	made_numbers(out, MADE_SAMPLE, 3, (uint64_t[]){ 1, 2, 0 });
	made_setting(out, MADE_SAMPLE, "period", "20 ms");
	made_setting(out, MADE_LOCK, "period", "1 s");
	made_numbers(out, MADE_SAMPLE, 3, (uint64_t[]){ 1, 1, 9 });
	made_numbers(out, MADE_SAMPLE, 3, (uint64_t[]){ 2, 1, 0 });
	made_numbers(out, MADE_LOCK, 2, (uint64_t[]){ 25, 1 });
	made_numbers(out, MADE_ALLOC, 2, (uint64_t[]){ 1, 4096 });
	jfr_made_end(out);
}

#endif
