/* conf_sample: a struct with a field of every kind, for the tests of conf. */
#ifndef TESTS_CONF_SAMPLE_H
#define TESTS_CONF_SAMPLE_H

#include "wire/conf.h"

struct sample_target {
	uint32_t line;
	const char *name;
	int scheme;
	int64_t every;
	struct conf_pairs labels;
};

struct sample_inner {
	uint64_t depth;
};

struct sample_conf {
	const char *text, *secret;
	bool flag;
	uint64_t count, size;
	int64_t wait;
	struct conf_texts texts;
	struct sample_inner inner;
	struct conf_list targets;
};

static const char *const SAMPLE_SCHEMES[] = { "http", "https", NULL };

static const struct conf_field SAMPLE_TARGET_FIELDS[] = {
	{ .kind = CONF_LINE, .offset = offsetof(struct sample_target, line) },
	CONF_FIELD(struct sample_target, name, CONF_TEXT, .required = true),
	CONF_FIELD(struct sample_target, scheme, CONF_CHOICE, .choices = SAMPLE_SCHEMES),
	CONF_FIELD(
		struct sample_target, every, CONF_DURATION, .min = 1000000, .max = 3600000000000),
	CONF_FIELD(struct sample_target, labels, CONF_PAIRS),
};
static const struct sample_target SAMPLE_TARGET_DEFAULTS = { .every = 15000000000 };
static const struct conf_struct SAMPLE_TARGET = { sizeof(struct sample_target),
	SAMPLE_TARGET_FIELDS, sizeof(SAMPLE_TARGET_FIELDS) / sizeof(SAMPLE_TARGET_FIELDS[0]),
	&SAMPLE_TARGET_DEFAULTS };

static const struct conf_field SAMPLE_INNER_FIELDS[] = {
	CONF_FIELD(struct sample_inner, depth, CONF_COUNT, .max = 100),
};
static const struct conf_struct SAMPLE_INNER = { sizeof(struct sample_inner), SAMPLE_INNER_FIELDS,
	1, NULL };

static const struct conf_field SAMPLE_FIELDS[] = {
	CONF_FIELD(struct sample_conf, text, CONF_TEXT),
	CONF_FIELD(struct sample_conf, secret, CONF_SECRET),
	CONF_FIELD(struct sample_conf, flag, CONF_FLAG),
	CONF_FIELD(struct sample_conf, count, CONF_COUNT),
	CONF_FIELD(struct sample_conf, size, CONF_SIZE, .min = 1, .max = 1 << 30),
	CONF_FIELD(struct sample_conf, wait, CONF_DURATION),
	CONF_FIELD(struct sample_conf, texts, CONF_TEXTS),
	CONF_FIELD(struct sample_conf, inner, CONF_STRUCT, .of = &SAMPLE_INNER),
	CONF_FIELD(struct sample_conf, targets, CONF_STRUCTS, .of = &SAMPLE_TARGET),
};
static const struct conf_struct SAMPLE = { sizeof(struct sample_conf), SAMPLE_FIELDS,
	sizeof(SAMPLE_FIELDS) / sizeof(SAMPLE_FIELDS[0]), NULL };

#define SAMPLE_TEXT                        \
	"text: 'a: b'\n"                   \
	"secret: hunter2\n"                \
	"flag: true\n"                     \
	"count: 12\n"                      \
	"size: 64MB\n"                     \
	"wait: 1h30m\n"                    \
	"texts: [one, \"t\\tw\\\"o\"]\n"   \
	"inner:\n  depth: 7\n"             \
	"targets:\n"                       \
	"  - name: first\n"                \
	"    scheme: https\n"              \
	"    labels: {region: eu, n: 1}\n" \
	"  - name: second\n    every: 250ms\n"

#endif
