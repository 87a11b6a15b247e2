/* manpage: the tables of commands and options as manual pages (man(7) macros). */
#include "cli/manpage.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/version.h"

/* A backslash, and a dot or quote that begins a line, mean something to roff; a bare dash would
 * become a hyphen that no shell understands. */
static void text(FILE *out, const char *from)
{
	bool line_begins = true;

	for (; *from; from++) {
		if (line_begins && (*from == '.' || *from == '\''))
			fputs("\\&", out);
		if (*from == '\\')
			fputs("\\e", out);
		else if (*from == '-')
			fputs("\\-", out);
		else
			fputc(*from, out);
		line_begins = *from == '\n';
	}
}

static void paragraphs(FILE *out, const char *from)
{
	while (*from) {
		size_t len = strcspn(from, "\n");
		char paragraph[2048];

		snprintf(paragraph, sizeof(paragraph), "%.*s", (int)len, from);
		text(out, paragraph);
		from += len;
		from += strspn(from, "\n");
		fputs(*from ? "\n.PP\n" : "\n", out);
	}
}

static void upper(FILE *out, const char *from)
{
	for (; *from; from++)
		fputc(toupper((unsigned char)*from), out);
}

static void head(FILE *out, const char *name, const char *summary)
{
	fputs(".TH \"", out);
	upper(out, name);
	fprintf(out, "\" 1 \"\" \"flyover %s\" \"Flyover\"\n.SH NAME\n", version_text);
	text(out, name);
	fputs(" \\- ", out);
	text(out, summary);
	fputc('\n', out);
}

static void tagged(FILE *out, const char *word, const char *meaning)
{
	fputs(".TP\n.B ", out);
	text(out, word);
	fputc('\n', out);
	text(out, meaning);
	fputc('\n', out);
}

static void options_of(FILE *out, const struct command *command)
{
	char meaning[1024];

	fputs(".SH OPTIONS\n", out);
	for (const struct option *o = command->options; o && o->name; o++) {
		fputs(".TP\n", out);
		if (o->letter)
			fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
		fputs("\\fB\\-\\-", out);
		text(out, o->name);
		fputs("\\fR", out);
		if (o->kind != OPTION_IS_FLAG) {
			fputs(" \\fI", out);
			text(out, o->argument);
			fputs("\\fR", out);
		}
		fputc('\n', out);
		help_option_meaning(command, o, meaning, sizeof(meaning));
		text(out, meaning);
		fputs(".\n", out);
	}
	fputs(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow a summary and stop.\n", out);
}

static void examples(FILE *out, const struct command_word *list)
{
	fputs(".SH EXAMPLES\n", out);
	for (; list->word; list++)
		tagged(out, list->word, list->meaning);
}

static void exit_status(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	tagged(out, "0", "done");
	tagged(out, "1", "the answer is no: nothing was found");
	tagged(out, "2", "wrong use, or an input that cannot be read");
	tagged(out, "125",
		"our own failure while running a command; otherwise that command's status");
}

void manpage_command(const struct command *command, FILE *out)
{
	char name[64];

	snprintf(name, sizeof(name), "flyover-%s", command->name);
	head(out, name, command->summary);
	fputs(".SH SYNOPSIS\n.B flyover ", out);
	text(out, command->name);
	fputs(command->options ? "\n[\\fIOPTION\\fR…]" : "", out);
	if (command->operands) {
		fputs("\n", out);
		text(out, command->operands);
	}
	fputc('\n', out);
	if (command->about) {
		fputs(".SH DESCRIPTION\n", out);
		paragraphs(out, command->about);
	}
	if (command->first_words) {
		fputs(".SH ", out);
		upper(out, command->first_words_title);
		fputc('\n', out);
		for (const struct command_word *w = command->first_words; w->word; w++)
			tagged(out, w->word, w->meaning);
	}
	options_of(out, command);
	if (command->examples)
		examples(out, command->examples);
	exit_status(out);
	fputs(".SH SEE ALSO\n.BR flyover (1)\n", out);
}

void manpage_overview(FILE *out)
{
	head(out, "flyover", "which function ate the time, for any program on Linux");
	fputs(".SH SYNOPSIS\n.B flyover\n.I COMMAND\n[\\fIOPTION\\fR…] [\\fIOPERAND\\fR…]\n"
	      ".SH DESCRIPTION\n",
		out);
	paragraphs(out,
		"Flyover looks at every running thread, 99 times a second unless told otherwise, "
		"and draws what it saw as a flame graph. The program that it looks at needs no "
		"change and no restart.\n"
		"A SOURCE is a file in any format that flyover reads, - for standard input, the "
		"URL of a profile (HOST:PORT alone is its CPU profile), or that of a Flyover "
		"server with a selector: http://localhost:4040/cpu{service_name=\"shop\"}, and "
		"then ?from=, until= and trace= if they are needed.");
	fputs(".SH COMMANDS\n", out);
	for (const struct command *const *c = command_all; *c; c++)
		tagged(out, (*c)->name, (*c)->summary);
	exit_status(out);
	fputs(".SH ENVIRONMENT\n", out);
	tagged(out, "FLYOVER_SERVER",
		"the server that query and debuginfo ask and that agent sends to, unless --server "
		"names "
		"one");
	tagged(out, "NO_COLOR", "when set and not empty, nothing is coloured");
	fputs(".SH SEE ALSO\n", out);
	for (const struct command *const *c = command_all; *c; c++)
		fprintf(out, ".BR flyover\\-%s (1)%s\n", (*c)->name, c[1] ? "," : "");
}
