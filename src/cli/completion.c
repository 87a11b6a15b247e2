/* completion: the tables of commands and options as completion scripts for shells. */
#include "cli/completion.h"

#include <stdbool.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

const char *const completion_shells[] = { "bash", "zsh", "fish", NULL };

enum completed { NOTHING, FILES, FOLDERS, PROCESSES };

static enum completed completed_by(const struct option *option)
{
	if (option->kind == OPTION_IS_FLAG)
		return NOTHING;
	if (strcmp(option->argument, "FILE") == 0)
		return FILES;
	if (strcmp(option->argument, "DIR") == 0)
		return FOLDERS;
	return strcmp(option->argument, "PID") == 0 ? PROCESSES : NOTHING;
}

/* Inside single quotes a shell reads everything as it is but the quote. */
static void quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	fputc('\'', out);
}

/* The same for a zsh specification, where brackets and colons have a meaning too. */
static void zsh_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			fputc('\\', out);
		fputs(*text == '\'' ? "'\\''" : (char[]){ *text, 0 }, out);
	}
}

static void bash_choices(FILE *out, const struct option *o)
{
	static const char *const action[] = { [NOTHING] = "return ;;\n",
		[FILES] = "COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n",
		[FOLDERS] = "COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n",
		[PROCESSES] = ("COMPREPLY=($(compgen -W \"$(ps -eo pid=)\" -- \"$cur\")); "
			       "return ;;\n") };

	fprintf(out, "\t\t--%s", o->name);
	if (o->letter)
		fprintf(out, "|-%c", o->letter);
	fputs(") ", out);
	if (!o->choices) {
		fputs(action[completed_by(o)], out);
		return;
	}
	fputs("COMPREPLY=($(compgen -W '", out);
	for (const char *const *c = o->choices; *c; c++)
		fprintf(out, "%s ", *c);
	fputs("' -- \"$cur\")); return ;;\n", out);
}

static void bash_command(FILE *out, const struct command *command)
{
	fprintf(out, "\t%s)\n\t\tcase $prev in\n", command->name);
	for (const struct option *o = command->options; o && o->name; o++)
		if (o->kind != OPTION_IS_FLAG)
			bash_choices(out, o);
	fputs("\t\tesac\n\t\toptions='--help", out);
	for (const struct option *o = command->options; o && o->name; o++)
		fprintf(out, " --%s", o->name);
	fputs("'\n\t\twords='", out);
	for (const struct command_word *w = command->first_words; w && w->word; w++)
		fprintf(out, "%s ", w->word);
	fputs("' ;;\n", out);
}

static void bash(FILE *out)
{
	fputs("# bash completion for flyover; generated\n"
	      "_flyover() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options='' "
	      "words=''\n"
	      "\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '--help --version",
		out);
	for (const struct command *const *c = command_all; *c; c++)
		fprintf(out, " %s", (*c)->name);
	fputs("' -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", out);
	for (const struct command *const *c = command_all; *c; c++)
		bash_command(out, *c);
	fputs("\tesac\n"
	      "\tif [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	      "\telif [ -n \"$words\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then "
	      "COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\telse COMPREPLY=($(compgen -f -- \"$cur\")); fi\n"
	      "}\n"
	      "complete -o filenames -F _flyover flyover\n",
		out);
}

static void zsh_option(FILE *out, const struct command *command, const struct option *o)
{
	static const char *const action[] = {
		[NOTHING] = " ", [FILES] = "_files", [FOLDERS] = "_files -/", [PROCESSES] = "_pids"
	};
	char meaning[1024];

	help_option_meaning(command, o, meaning, sizeof(meaning));
	for (int letter = o->letter ? 1 : 0; letter >= 0; letter--) {
		fprintf(out, "\t\t\t'%s", o->kind == OPTION_IS_LIST ? "*" : "");
		if (letter)
			fprintf(out, "-%c[", o->letter);
		else
			fprintf(out, "--%s%s[", o->name, o->kind == OPTION_IS_FLAG ? "" : "=");
		zsh_escaped(out, meaning);
		fputc(']', out);
		if (o->choices) {
			fprintf(out, ":%s:(", o->argument);
			for (const char *const *c = o->choices; *c; c++)
				fprintf(out, "%s ", *c);
			fputc(')', out);
		} else if (o->kind != OPTION_IS_FLAG) {
			fprintf(out, ":%s:%s", o->argument, action[completed_by(o)]);
		}
		fputs("' \\\n", out);
	}
}

static void zsh_command(FILE *out, const struct command *command)
{
	fprintf(out, "\t\t%s)\n\t\t\t_arguments \\\n", command->name);
	for (const struct option *o = command->options; o && o->name; o++)
		zsh_option(out, command, o);
	fputs("\t\t\t'--help[show a summary and stop]' \\\n", out);
	if (command->first_words) {
		fputs("\t\t\t'1:choice:(", out);
		for (const struct command_word *w = command->first_words; w->word; w++)
			fprintf(out, "%s ", w->word);
		fputs(")' \\\n", out);
	}
	fputs("\t\t\t'*:file:_files' ;;\n", out);
}

static void zsh(FILE *out)
{
	fputs("#compdef flyover\n"
	      "# zsh completion for flyover; generated\n"
	      "_flyover() {\n"
	      "\tlocal -a commands\n"
	      "\tcommands=(\n",
		out);
	for (const struct command *const *c = command_all; *c; c++) {
		fprintf(out, "\t\t'%s:", (*c)->name);
		zsh_escaped(out, (*c)->summary);
		fputs("'\n", out);
	}
	fputs("\t)\n"
	      "\tif (( CURRENT == 2 )); then _describe command commands; return; fi\n"
	      "\tlocal command=$words[2]\n"
	      "\tshift words; (( CURRENT-- ))\n"
	      "\tcase $command in\n",
		out);
	for (const struct command *const *c = command_all; *c; c++)
		zsh_command(out, *c);
	fputs("\tesac\n}\n"
	      "if [ \"$funcstack[1]\" = _flyover ]; then _flyover \"$@\"; "
	      "else compdef _flyover flyover; fi\n",
		out);
}

static void fish_option(FILE *out, const struct command *command, const struct option *o)
{
	static const char *const action[] = { [NOTHING] = "-x",
		[FILES] = "-rF",
		[FOLDERS] = "-x -a '(__fish_complete_directories)'",
		[PROCESSES] = "-x -a '(__fish_complete_pids)'" };
	char meaning[1024];

	fprintf(out, "complete -c flyover -n '__fish_seen_subcommand_from %s' -l %s ",
		command->name, o->name);
	if (o->letter)
		fprintf(out, "-s %c ", o->letter);
	if (o->choices) {
		fputs("-x -a '", out);
		for (const char *const *c = o->choices; *c; c++)
			fprintf(out, "%s ", *c);
		fputs("' ", out);
	} else if (o->kind != OPTION_IS_FLAG) {
		fprintf(out, "%s ", action[completed_by(o)]);
	}
	help_option_meaning(command, o, meaning, sizeof(meaning));
	fputs("-d ", out);
	quoted(out, meaning);
	fputc('\n', out);
}

static void fish(FILE *out)
{
	fputs("# fish completion for flyover; generated\n"
	      "complete -c flyover -n __fish_use_subcommand -f -l version -d 'show the version'\n",
		out);
	for (const struct command *const *c = command_all; *c; c++) {
		fprintf(out, "complete -c flyover -n __fish_use_subcommand -f -a %s -d ",
			(*c)->name);
		quoted(out, (*c)->summary);
		fputc('\n', out);
		for (const struct command_word *w = (*c)->first_words; w && w->word; w++) {
			fprintf(out,
				"complete -c flyover -n '__fish_seen_subcommand_from %s' -a %s -d ",
				(*c)->name, w->word);
			quoted(out, w->meaning);
			fputc('\n', out);
		}
		for (const struct option *o = (*c)->options; o && o->name; o++)
			fish_option(out, *c, o);
	}
}

void completion_write(const char *shell, FILE *out)
{
	if (strcmp(shell, "bash") == 0)
		bash(out);
	else if (strcmp(shell, "zsh") == 0)
		zsh(out);
	else
		fish(out);
}
