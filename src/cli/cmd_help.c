/* cmd_help: explain a command, all of them, or write what packages install about them. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/manpage.h"

struct help_options {
	bool man;
	const char *completion;
};

static const struct option table[] = {
	{ 0, "man", OPTION_FLAG(struct help_options, man),
		.help = "write the manual page instead" },
	{ 0, "completion", OPTION_TEXT(struct help_options, completion), .argument = "SHELL",
		.choices = completion_shells, .help = "write a completion script instead" },
	{ 0 },
};

static int unknown_command(const struct command_line *line)
{
	const struct command *near = command_nearest(line->operands[0]);
	struct err err;

	if (near)
		err_set(&err, ERR_USAGE, "there is no command '%s'; did you mean %s?",
			line->operands[0], near->name);
	else
		err_set(&err, ERR_USAGE, "there is no command '%s'", line->operands[0]);
	return command_fail(line->command, &err);
}

static int run(const struct command_line *line)
{
	const struct help_options *wanted = line->options;
	const struct command *about = line->n_operands ? command_find(line->operands[0]) : NULL;

	if (line->n_operands && !about)
		return unknown_command(line);
	if (wanted->completion)
		completion_write(wanted->completion, stdout);
	else if (wanted->man && about)
		manpage_command(about, stdout);
	else if (wanted->man)
		manpage_overview(stdout);
	else if (about)
		help_command(about, stdout);
	else
		help_overview(stdout);
	return STATUS_DONE;
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "explain a command",
	.operands_max = 1,
	.options = table,
	.options_size = sizeof(struct help_options),
	.run = run,
};
