/* main: finds the command and hands over. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/version.h"

static int unknown(const char *typed)
{
	const struct command *near = command_nearest(typed);

	fprintf(stderr, "flyover: there is no command '%s'", typed);
	if (near)
		fprintf(stderr, "; did you mean 'flyover %s'?", near->name);
	fputs("\n'flyover help' lists the commands.\n", stderr);
	return STATUS_WRONG;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "help";
	const struct command *command;

	/* Whatever started us: a reader that went away ends us quietly, as it does other tools. */
	signal(SIGPIPE, SIG_DFL);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		word = "help";
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		printf("flyover %s\n", version_text);
		return STATUS_DONE;
	}
	command = command_find(word);
	if (!command)
		return unknown(word);
	return argc > 2 ? command_run(command, argc - 2, argv + 2)
			: command_run(command, 0, argv + argc);
}
