/* help: what the commands and their options say about themselves, for a person. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stddef.h>
#include <stdio.h>

struct command;
struct option;

/* What flyover is, how to begin, and the list of commands. */
void help_overview(FILE *out);

/* One command: synopsis, description, options, examples. */
void help_command(const struct command *command, FILE *out);

/* The meaning of an option with its choices and its default: "how often (default 99)". Cuts. */
void help_option_meaning(
	const struct command *command, const struct option *option, char *into, size_t size);

#endif
