/* option: one table of options, read by the parser, the help, the man page and completion. */
#include "cli/option.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "base/view.h"
#include "cli/nearest.h"

static const struct {
	const char *name; /* longer ones before their own beginnings */
	uint64_t ns;
} units[] = {
	{ "ms", 1000000 },
	{ "us", 1000 },
	{ "ns", 1 },
	{ "h", 3600000000000 },
	{ "m", 60000000000 },
	{ "s", 1000000000 },
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

static const char *take_unit(const char *text, uint64_t *ret_ns)
{
	for (size_t i = 0; i < N_UNITS; i++)
		if (strncmp(text, units[i].name, strlen(units[i].name)) == 0) {
			*ret_ns = units[i].ns;
			return text + strlen(units[i].name);
		}
	return NULL;
}

static const char *take_digits(const char *text, uint64_t *ret_number)
{
	size_t len = strspn(text, "0123456789");

	return view_to_u64((struct view){ text, len }, ret_number) ? text + len : NULL;
}

bool option_duration(const char *text, uint64_t *ret_ns)
{
	uint64_t total = 0, number, unit = 1000000000, part;

	do {
		bool first = total == 0;

		text = take_digits(text, &number);
		if (!text)
			return false;
		if (*text || !first)
			text = take_unit(text, &unit);
		if (!text || __builtin_mul_overflow(number, unit, &part) ||
			__builtin_add_overflow(total, part, &total))
			return false;
	} while (*text);
	*ret_ns = total;
	return true;
}

void option_duration_text(uint64_t ns, char *into)
{
	size_t best = 2; /* nanoseconds always fit */

	for (size_t i = 0; i < N_UNITS; i++)
		if (ns && ns % units[i].ns == 0 && units[i].ns > units[best].ns)
			best = i;
	snprintf(into, OPTION_DURATION_MAX, "%llu%s", (unsigned long long)(ns / units[best].ns),
		units[best].name);
}

static int bad_choice(const struct option *option, const char *typed, struct err *err)
{
	const char *near = NULL;
	char list[256] = "";
	size_t len = 0;

	for (const char *const *c = option->choices; *c; c++) {
		nearest_consider(typed, *c, &near);
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
				c == option->choices ? "" : ", ", *c);
	}
	if (near)
		return err_set(err, ERR_USAGE, "--%s has no choice '%s'; did you mean %s?",
			option->name, typed, near);
	return err_set(err, ERR_USAGE, "--%s has no choice '%s'; it takes one of %s", option->name,
		typed, list);
}

static bool is_choice(const struct option *option, const char *typed)
{
	const char *const *c = option->choices;

	while (c && *c && strcmp(*c, typed) != 0)
		c++;
	return !c || *c;
}

static int set_number(
	const struct option *option, const char *typed, uint64_t *into, struct err *err)
{
	uint64_t number, max = option->max ? option->max : UINT64_MAX;

	if (view_to_u64(view_of(typed), &number) && number >= option->min && number <= max) {
		*into = number;
		return 0;
	}
	if (option->max)
		return err_set(err, ERR_USAGE, "--%s takes a number from %llu to %llu, not '%s'",
			option->name, (unsigned long long)option->min,
			(unsigned long long)option->max, typed);
	return err_set(err, ERR_USAGE, "--%s takes a number%s, not '%s'", option->name,
		option->min ? " above 0" : "", typed);
}

static int set_duration(
	const struct option *option, const char *typed, uint64_t *into, struct err *err)
{
	uint64_t ns, max = option->max ? option->max : UINT64_MAX;
	char from[OPTION_DURATION_MAX], to[OPTION_DURATION_MAX];

	if (!option_duration(typed, &ns))
		return err_set(err, ERR_USAGE,
			"--%s takes a duration such as 10s, 1m30s or 250ms, not '%s'", option->name,
			typed);
	if (ns >= option->min && ns <= max) {
		*into = ns;
		return 0;
	}
	option_duration_text(option->min, from);
	option_duration_text(max, to);
	return option->max ? err_set(err, ERR_USAGE, "--%s takes from %s to %s, not '%s'",
				     option->name, from, to, typed)
			   : err_set(err, ERR_USAGE, "--%s takes at least %s, not '%s'",
				     option->name, from, typed);
}

static int add_to_list(struct option_list *list, const char *typed, struct err *err)
{
	const char **room = VEC_ADD(list->at, list->count, list->cap);

	if (!room)
		return err_set(err, ERR_NOMEM, "out of memory");
	*room = typed;
	return 0;
}

static int set_value(
	const struct option_parse *parse, const struct option *option, char *typed, struct err *err)
{
	void *member = (char *)parse->into + option->offset;

	if (option->kind != OPTION_IS_FLAG && !*typed)
		return err_set(err, ERR_USAGE, "--%s needs a value: it takes %s", option->name,
			option->argument);
	if (!is_choice(option, typed))
		return bad_choice(option, typed, err);
	switch (option->kind) {
	case OPTION_IS_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_IS_NUMBER:
		return set_number(option, typed, member, err);
	case OPTION_IS_DURATION:
		return set_duration(option, typed, member, err);
	case OPTION_IS_TEXT:
		*(const char **)member = typed;
		return 0;
	case OPTION_IS_LIST:
		return add_to_list(member, typed, err);
	}
	return 0;
}

/* Where the reader of a command line stands. */
struct reader {
	struct option_parse *parse;
	char **argv;
	int argc, next;
};

static int need_argument(
	struct reader *reader, const struct option *option, char **ret, struct err *err)
{
	if (reader->next == reader->argc)
		return err_set(err, ERR_USAGE, "--%s needs a value: it takes %s", option->name,
			option->argument);
	*ret = reader->argv[reader->next++];
	return 0;
}

static int read_letters(struct reader *reader, char *letters, struct err *err)
{
	for (; *letters; letters++) {
		const struct option *option = reader->parse->table;
		char *value = letters + 1;
		int rc = 0;

		while (option->name && option->letter != *letters)
			option++;
		if (!option->name && *letters == 'h') {
			reader->parse->help = true;
			return 0;
		}
		if (!option->name)
			return err_set(err, ERR_USAGE, "unknown option -%c", *letters);
		if (option->kind == OPTION_IS_FLAG)
			rc = set_value(reader->parse, option, value, err);
		else if (*value || (rc = need_argument(reader, option, &value, err)) == 0)
			return set_value(reader->parse, option, value, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int unknown_name(const struct option *table, struct view name, struct err *err)
{
	char typed[NEAREST_WORD_MAX + 1];
	const char *near = NULL;

	snprintf(typed, sizeof(typed), "%.*s", (int)(name.len < 63 ? name.len : 63), name.at);
	nearest_consider(typed, "help", &near);
	for (const struct option *o = table; o->name; o++)
		nearest_consider(typed, o->name, &near);
	if (near)
		return err_set(
			err, ERR_USAGE, "unknown option --%s; did you mean --%s?", typed, near);
	return err_set(err, ERR_USAGE, "unknown option --%s", typed);
}

static int read_name(struct reader *reader, char *text, struct err *err)
{
	const struct option *option = reader->parse->table;
	char *value = strchr(text, '=');
	struct view name = value ? view_between(text, value) : view_of(text);
	int rc;

	while (option->name && !view_equal(view_of(option->name), name))
		option++;
	if (!option->name && view_equal(name, VIEW("help"))) {
		reader->parse->help = true;
		return 0;
	}
	if (!option->name)
		return unknown_name(reader->parse->table, name, err);
	if (option->kind == OPTION_IS_FLAG && value)
		return err_set(err, ERR_USAGE, "--%s takes no value", option->name);
	if (option->kind == OPTION_IS_FLAG)
		return set_value(reader->parse, option, text, err);
	if (value)
		value++;
	else if ((rc = need_argument(reader, option, &value, err)) < 0)
		return rc;
	return set_value(reader->parse, option, value, err);
}

int option_parse(struct option_parse *parse, int *argc, char **argv, struct err *err)
{
	struct reader reader = { .parse = parse, .argv = argv, .argc = *argc };
	int n_operands = 0, rc = 0;
	bool all_operands = false;

	assert(parse->table);
	while (rc == 0 && !parse->help && reader.next < reader.argc) {
		char *word = argv[reader.next++];

		if (all_operands || word[0] != '-' || word[1] == '\0') {
			argv[n_operands++] = word;
			all_operands = all_operands || parse->stops_at_operand;
		} else if (strcmp(word, "--") == 0) {
			all_operands = true;
		} else if (word[1] == '-') {
			rc = read_name(&reader, word + 2, err);
		} else {
			rc = read_letters(&reader, word + 1, err);
		}
	}
	*argc = n_operands;
	argv[n_operands] = NULL;
	return rc;
}

void option_free(const struct option *table, void *options)
{
	for (; table->name; table++) {
		struct option_list *list = (void *)((char *)options + table->offset);

		if (table->kind != OPTION_IS_LIST)
			continue;
		free(list->at);
		*list = (struct option_list){ 0 };
	}
}
