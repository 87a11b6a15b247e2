/*
 * command: the table of everything `flyover` can be asked to do.
 *
 * To add a command: write cmd_NAME.c with one `const struct command cmd_NAME`, declare it
 * below, put it in the table of command.c and its name in meson.build. Its help, man page and
 * completion come from the same constant.
 *
 * Data goes to standard output, talk to standard error.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli/option.h"

/* Exit statuses. STATUS_OURS is for our own failure while running somebody else's command, whose
 * status is ours otherwise. */
enum command_status { STATUS_DONE = 0, STATUS_NO = 1, STATUS_WRONG = 2, STATUS_OURS = 125 };

#define COMMAND_OPERANDS_ANY UINT_MAX

struct command;

/* What the user typed, after parsing. */
struct command_line {
	const struct command *command;
	const void *options; /* the command's own struct */
	char **operands;     /* ends in NULL */
	unsigned n_operands;
};

/* A word with its meaning: an example, or a choice for the first operand. */
struct command_word {
	const char *word; /* NULL ends a list */
	const char *meaning;
};

struct command {
	const char *name;
	const char *operands; /* as shown after the options: "SOURCE…"; NULL if it takes none */
	const char *summary;  /* a phrase: "sample a command, processes or the host" */
	const char *about;    /* paragraphs, with an empty line between them; may be NULL */
	const struct command_word *examples;    /* may be NULL */
	const struct command_word *first_words; /* the only first operands allowed; may be NULL */
	const char *first_words_title;          /* "Views" */
	unsigned operands_min, operands_max;    /* checked before run */
	const struct option *options;           /* NULL if it has none */
	size_t options_size;                    /* of the command's struct */
	const void *defaults;                   /* such a struct, or NULL for zeros */
	bool stops_at_operand;                  /* see option.h */
	int (*run)(const struct command_line *line); /* returns an exit status */
};

extern const struct command cmd_agent, cmd_convert, cmd_debuginfo, cmd_diff, cmd_doctor, cmd_flame,
	cmd_help, cmd_query, cmd_record, cmd_report, cmd_run, cmd_serve, cmd_store, cmd_up,
	cmd_view;

/* In the order in which a newcomer meets them; NULL-terminated. */
extern const struct command *const command_all[];

/* NULL if there is none. */
const struct command *command_find(const char *name);

/* The command whose name was probably meant, or NULL. */
const struct command *command_nearest(const char *typed);

/* Parses what follows the command's name and runs it; returns the exit status. argv is changed. */
int command_run(const struct command *command, int argc, char **argv);

/* Prints "flyover NAME: SENTENCE" to standard error; returns STATUS_WRONG. After ERR_USAGE it also
 * says how to get help. */
int command_fail(const struct command *command, const struct err *err);

#endif
