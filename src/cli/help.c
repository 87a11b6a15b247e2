/* help: what the commands and their options say about themselves, for a person. */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/terminal.h"

#define WIDTH_MAX 90
#define COLUMN_MAX 30 /* where the right column begins at most */
#define BEGIN_WITH 3  /* examples on the first page, one each of the first commands */

struct page {
	FILE *out;
	unsigned width;
	const char *bold, *plain; /* escape sequences, or "" */
};

static struct page page_of(FILE *out)
{
	bool colours = terminal_has_colours(out);
	unsigned width = terminal_width(out, WIDTH_MAX);

	return (struct page){ out, width < WIDTH_MAX ? width : WIDTH_MAX, colours ? "\033[1m" : "",
		colours ? "\033[0m" : "" };
}

/* Columns that a text takes: its characters, not its bytes. */
static unsigned columns_of(const char *text, size_t len)
{
	unsigned columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

static void spaces(const struct page *page, unsigned count)
{
	fprintf(page->out, "%*s", (int)count, "");
}

/* Words broken into lines that begin at column `indent`; the first begins at `at`. */
static void wrapped(const struct page *page, const char *text, unsigned indent, unsigned at)
{
	bool first = true;

	for (; *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " \n");
		unsigned columns = columns_of(text, len);

		if (!first && at + 1 + columns > page->width) {
			fputc('\n', page->out);
			spaces(page, indent);
			at = indent;
			first = true;
		}
		at += columns + !first;
		fprintf(page->out, "%s%.*s", first ? "" : " ", (int)len, text);
		first = false;
		text += len;
		if (*text == '\n') {
			text += strspn(text, "\n");
			fputs("\n\n", page->out);
			spaces(page, indent);
			at = indent;
			first = true;
		}
	}
	fputc('\n', page->out);
}

static void heading(const struct page *page, const char *text)
{
	fprintf(page->out, "\n%s%s%s\n", page->bold, text, page->plain);
}

/* "  word        meaning", the meaning wrapped in its own column. */
static void row(const struct page *page, const char *word, const char *meaning, unsigned column)
{
	unsigned at = 2 + columns_of(word, strlen(word));

	fprintf(page->out, "  %s%s%s", page->bold, word, page->plain);
	if (at + 2 > column) {
		fputc('\n', page->out);
		at = 0;
	}
	spaces(page, column - at);
	wrapped(page, meaning, column, column);
}

static void option_word(const struct option *option, char *into, size_t size)
{
	char letter[8] = "    ";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(into, size, "%s--%s%s%s", letter, option->name,
		option->kind == OPTION_IS_FLAG ? "" : " ",
		option->kind == OPTION_IS_FLAG ? "" : option->argument);
}

static void default_of(
	const struct command *command, const struct option *option, char *into, size_t size)
{
	const void *member = (const char *)command->defaults + option->offset;

	into[0] = '\0';
	if (!command->defaults)
		return;
	if (option->kind == OPTION_IS_NUMBER && *(const uint64_t *)member)
		snprintf(into, size, "%llu", (unsigned long long)*(const uint64_t *)member);
	else if (option->kind == OPTION_IS_DURATION && *(const uint64_t *)member)
		option_duration_text(*(const uint64_t *)member, into);
	else if (option->kind == OPTION_IS_TEXT && *(const char *const *)member)
		snprintf(into, size, "%s", *(const char *const *)member);
}

void help_option_meaning(
	const struct command *command, const struct option *option, char *into, size_t size)
{
	char value[128];
	size_t len = (size_t)snprintf(into, size, "%s", option->help);

	for (const char *const *c = option->choices; c && *c && len < size; c++)
		len += (size_t)snprintf(into + len, size - len, "%s%s",
			c == option->choices ? ": "
			: c[1]               ? ", "
					     : " or ",
			*c);
	if (option->kind == OPTION_IS_LIST && len < size)
		len += (size_t)snprintf(into + len, size - len, "; may be repeated");
	default_of(command, option, value, sizeof(value));
	if (value[0] && len < size)
		snprintf(into + len, size - len, " (default %s)", value);
}

static void options_of(const struct page *page, const struct command *command)
{
	char word[128], meaning[1024];
	unsigned column = 0;

	for (const struct option *o = command->options; o && o->name; o++) {
		unsigned columns;

		option_word(o, word, sizeof(word));
		columns = 4 + columns_of(word, strlen(word));
		if (columns > column && columns <= COLUMN_MAX)
			column = columns;
	}
	if (!column)
		column = 16;
	heading(page, "Options");
	for (const struct option *o = command->options; o && o->name; o++) {
		option_word(o, word, sizeof(word));
		help_option_meaning(command, o, meaning, sizeof(meaning));
		row(page, word, meaning, column);
	}
	row(page, "-h, --help", "show this and stop", column);
}

static void words(const struct page *page, const char *title, const struct command_word *list)
{
	unsigned column = 0;

	heading(page, title);
	for (const struct command_word *w = list; w->word; w++)
		if (4 + columns_of(w->word, strlen(w->word)) > column)
			column = 4 + columns_of(w->word, strlen(w->word));
	for (const struct command_word *w = list; w->word; w++)
		row(page, w->word, w->meaning, column);
}

static void examples(const struct page *page, const struct command_word *list)
{
	heading(page, "Examples");
	for (; list->word; list++) {
		fprintf(page->out, "  %s%s%s\n      ", page->bold, list->word, page->plain);
		wrapped(page, list->meaning, 6, 6);
	}
}

void help_command(const struct command *command, FILE *out)
{
	struct page page = page_of(out);

	fprintf(out, "%sflyover %s%s: %s\n\n", page.bold, command->name, page.plain,
		command->summary);
	fprintf(out, "  flyover %s%s%s%s\n", command->name, command->options ? " [OPTION…]" : "",
		command->operands ? " " : "", command->operands ? command->operands : "");
	if (command->about) {
		fputc('\n', out);
		wrapped(&page, command->about, 0, 0);
	}
	if (command->first_words)
		words(&page, command->first_words_title, command->first_words);
	options_of(&page, command);
	if (command->examples)
		examples(&page, command->examples);
}

/* The first example of each of the first commands. */
static void beginnings(const struct page *page)
{
	struct command_word list[BEGIN_WITH + 1] = { 0 };
	size_t count = 0;

	for (const struct command *const *c = command_all; *c && count < BEGIN_WITH; c++)
		if ((*c)->examples)
			list[count++] = (*c)->examples[0];
	words(page, "To begin", list);
}

void help_overview(FILE *out)
{
	struct page page = page_of(out);

	fprintf(out,
		"%sFlyover%s shows which function ate the time, for any program on Linux.\n\n"
		"It looks at every running thread 99 times a second and draws what it saw as a\n"
		"flame graph. The program needs no change and no restart.\n",
		page.bold, page.plain);
	beginnings(&page);
	heading(&page, "Commands");
	for (const struct command *const *c = command_all; *c; c++)
		row(&page, (*c)->name, (*c)->summary, 14);
	fputs("\n'flyover COMMAND --help' explains a command, 'man flyover' all of them.\n", out);
}
