/* command: the table of everything `flyover` can be asked to do. */
#include "cli/command.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/nearest.h"

const struct command *const command_all[] = {
	&cmd_record,
	&cmd_run,
	&cmd_view,
	&cmd_up,
	&cmd_serve,
	&cmd_agent,
	&cmd_query,
	&cmd_store,
	&cmd_debuginfo,
	&cmd_report,
	&cmd_flame,
	&cmd_diff,
	&cmd_convert,
	&cmd_doctor,
	&cmd_help,
	NULL,
};

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = command_all; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

const struct command *command_nearest(const char *typed)
{
	const char *near = NULL;

	for (const struct command *const *c = command_all; *c; c++)
		nearest_consider(typed, (*c)->name, &near);
	return near ? command_find(near) : NULL;
}

int command_fail(const struct command *command, const struct err *err)
{
	fprintf(stderr, "flyover %s: %s\n", command->name, err->text);
	if (err->code == ERR_USAGE)
		fprintf(stderr, "'flyover %s --help' shows how it is used.\n", command->name);
	return STATUS_WRONG;
}

static int unknown_first_word(const struct command_line *line, struct err *err)
{
	const char *typed = line->operands[0], *near = NULL;

	for (const struct command_word *w = line->command->first_words; w->word; w++)
		nearest_consider(typed, w->word, &near);
	if (near)
		return err_set(err, ERR_USAGE, "there is no '%s'; did you mean %s?", typed, near);
	return err_set(err, ERR_USAGE, "there is no '%s'", typed);
}

static int too_few(const struct command *command, unsigned given, struct err *err)
{
	char words[256] = "";
	size_t len = 0;

	if (given || !command->first_words)
		return err_set(err, ERR_USAGE, "it needs %s", command->operands);
	for (const struct command_word *w = command->first_words; w->word; w++)
		if (len < sizeof(words))
			len += (size_t)snprintf(
				words + len, sizeof(words) - len, "%s%s", len ? ", " : "", w->word);
	return err_set(
		err, ERR_USAGE, "it needs %s; the first is one of %s", command->operands, words);
}

static int check_operands(const struct command_line *line, struct err *err)
{
	const struct command *command = line->command;
	const struct command_word *word = command->first_words;

	if (command->operands_max == 0 && line->n_operands)
		return err_set(
			err, ERR_USAGE, "it takes options only, not '%s'", line->operands[0]);
	if (line->n_operands < command->operands_min)
		return too_few(command, line->n_operands, err);
	if (line->n_operands > command->operands_max)
		return err_set(err, ERR_USAGE, "'%s' is one too many: it takes %s",
			line->operands[command->operands_max], command->operands);
	if (!word || line->n_operands == 0)
		return 0;
	while (word->word && strcmp(word->word, line->operands[0]) != 0)
		word++;
	return word->word ? 0 : unknown_first_word(line, err);
}

/* A full disk behind standard output must not end in success. */
static int close_output(const struct command *command, int status)
{
	struct err err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	err_errno(&err, errno, "cannot write standard output");
	return command_fail(command, &err);
}

int command_run(const struct command *command, int argc, char **argv)
{
	static const struct option none[] = { { 0 } };
	struct option_parse parse = { .table = command->options ? command->options : none,
		.stops_at_operand = command->stops_at_operand };
	struct err err = { 0 };
	int status;

	parse.into = calloc(1, command->options_size + 1);
	if (!parse.into)
		abort(); /* a few hundred bytes: there is nothing left to say it with */
	if (command->defaults)
		memcpy(parse.into, command->defaults, command->options_size);
	if (option_parse(&parse, &argc, argv, &err) < 0) {
		status = command_fail(command, &err);
	} else if (parse.help) {
		help_command(command, stdout);
		status = close_output(command, STATUS_DONE);
	} else {
		struct command_line line = { command, parse.into, argv, (unsigned)argc };

		if (check_operands(&line, &err) < 0)
			status = command_fail(command, &err);
		else
			status = close_output(command, command->run(&line));
	}
	option_free(parse.table, parse.into);
	free(parse.into);
	return status;
}
