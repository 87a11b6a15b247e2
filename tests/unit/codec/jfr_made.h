/*
 * jfr_made: a recording of one chunk, made by hand.
 *
 * Two stacks: 1 is main > work (line 7), 2 is deep > main > work with its root cut off. States: 1
 * runs, 2 sleeps. Events are added between jfr_made_begin and jfr_made_end.
 */
#ifndef TESTS_JFR_MADE_H
#define TESTS_JFR_MADE_H

#include <string.h>

#include "base/buf.h"
#include "base/view.h"

enum { /* numbers of types */
	MADE_LONG = 10,
	MADE_INT,
	MADE_BOOLEAN,
	MADE_STRING,
	MADE_SYMBOL = 20,
	MADE_CLASS,
	MADE_METHOD,
	MADE_FRAME,
	MADE_STACK,
	MADE_STATE,
	MADE_SAMPLE = 101,
	MADE_LOCK,
	MADE_SETTING,
	MADE_ALLOC
};

static const struct made_type {
	int id;
	const char *name;
	struct {
		const char *name;
		int type;
		bool pooled, list;
	} fields[4];
} made_types[] = {
	{ MADE_LONG, "long", { { 0 } } },
	{ MADE_INT, "int", { { 0 } } },
	{ MADE_BOOLEAN, "boolean", { { 0 } } },
	{ MADE_STRING, "java.lang.String", { { 0 } } },
	{ MADE_SYMBOL, "jdk.types.Symbol", { { "string", MADE_STRING, false, false } } },
	{ MADE_CLASS, "java.lang.Class", { { "name", MADE_SYMBOL, true, false } } },
	{ MADE_METHOD, "jdk.types.Method",
		{ { "type", MADE_CLASS, true, false }, { "name", MADE_SYMBOL, true, false } } },
	{ MADE_FRAME, "jdk.types.StackFrame",
		{ { "method", MADE_METHOD, true, false },
			{ "lineNumber", MADE_INT, false, false } } },
	{ MADE_STACK, "jdk.types.StackTrace",
		{ { "truncated", MADE_BOOLEAN, false, false },
			{ "frames", MADE_FRAME, false, true } } },
	{ MADE_STATE, "jdk.types.ThreadState", { { "name", MADE_STRING, false, false } } },
	{ MADE_SAMPLE, "jdk.ExecutionSample",
		{ { "stackTrace", MADE_STACK, true, false }, { "state", MADE_STATE, true, false },
			{ "contextId", MADE_LONG, false, false } } },
	{ MADE_LOCK, "jdk.JavaMonitorEnter",
		{ { "duration", MADE_LONG, false, false },
			{ "stackTrace", MADE_STACK, true, false } } },
	{ MADE_SETTING, "jdk.ActiveSetting",
		{ { "id", MADE_LONG, false, false }, { "name", MADE_STRING, false, false },
			{ "value", MADE_STRING, false, false } } },
	{ MADE_ALLOC, "jdk.ObjectAllocationSample",
		{ { "stackTrace", MADE_STACK, true, false },
			{ "weight", MADE_LONG, false, false } } },
};

#define MADE_TYPES (sizeof(made_types) / sizeof(made_types[0]))

static inline void made_number(struct buf *out, uint64_t number)
{
	for (int i = 0; i < 8 && number >= 0x80; i++, number >>= 7)
		buf_add_char(out, (char)(0x80 | (number & 0x7f)));
	buf_add_char(out, (char)number);
}

static inline void made_text(struct buf *out, const char *text)
{
	buf_add_char(out, 3);
	made_number(out, strlen(text));
	buf_add_text(out, text);
}

static inline void made_event(struct buf *out, const struct buf *content)
{
	uint32_t size = (uint32_t)content->len + 4; /* of four bytes itself, as the JVM has it */

	for (int i = 0; i < 3; i++)
		buf_add_char(out, (char)(0x80 | (size >> (7 * i) & 0x7f)));
	buf_add_char(out, (char)(size >> 21));
	buf_add_view(out, buf_view(content));
}

static inline void made_numbers(struct buf *out, int type, size_t n, const uint64_t *numbers)
{
	BUF_AUTO content = { 0 };

	made_number(&content, (uint64_t)type);
	for (size_t i = 0; i < n; i++)
		made_number(&content, numbers[i]);
	made_event(out, &content);
}

static inline void made_setting(struct buf *out, int id, const char *name, const char *value)
{
	BUF_AUTO content = { 0 };

	made_number(&content, MADE_SETTING);
	made_number(&content, (uint64_t)id);
	made_text(&content, name);
	made_text(&content, value);
	made_event(out, &content);
}

static inline void made_big(struct buf *out, size_t at, uint64_t number)
{
	for (int i = 0; i < 8; i++)
		out->at[at + (size_t)i] = (char)(number >> (56 - 8 * i));
}

static inline void jfr_made_begin(struct buf *out)
{
	static const char header[68] = { 'F', 'L', 'R', 0, 0, 2, 0, 1, [67] = 1 };

	buf_add(out, header, sizeof(header));
	made_big(out, 32, 1700000000000000000); /* begins */
	made_big(out, 40, 5000000000);          /* lasts */
	made_big(out, 56, 1000);                /* ticks a second */
}

/* Those of the metadata, found again by their text. */
struct made_strings {
	const char *at[128];
	size_t n;
};

static inline uint64_t made_string(struct made_strings *strings, const char *text)
{
	size_t i = 0;

	while (i < strings->n && strcmp(strings->at[i], text) != 0)
		i++;
	if (i == strings->n)
		strings->at[strings->n++] = text;
	return i;
}

#endif
