/* cmd_convert: any format to any format; several sources merge. */
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/source.h"
#include "model/profile.h"

struct convert_options {
	struct selection selection;
	struct credentials_wish credentials;
	const char *to, *output;
};

static const struct option table[] = {
	{ 'o', "output", OPTION_TEXT(struct convert_options, output), .argument = "FILE",
		.help = "where to; its extension says the format" },
	{ 0, "to", OPTION_TEXT(struct convert_options, to), .argument = "FORMAT",
		.help = "the format, whatever the extension says" },
	SELECTION_OPTIONS(struct convert_options, selection),
	CREDENTIALS_OPTIONS(struct convert_options, credentials),
	{ 0 },
};

static const struct command_word examples[] = {
	{ "flyover convert -o out.folded flyover.pb.gz", "rewrites a profile as folded stacks" },
	{ "flyover convert -o week.pb.gz mon.pb.gz tue.folded", "sums two profiles" },
	{ "flyover convert --focus '^search$' -o search.pb.gz flyover.pb.gz",
		"keeps the stacks that pass through a function" },
	{ 0 },
};

static int run(const struct command_line *line)
{
	const struct convert_options *wanted = line->options;
	PROFILE_AUTO profile = NULL;
	struct err err;

	if (!wanted->output)
		return err_set(&err, ERR_USAGE, "where to? -o FILE, or -o - for standard output"),
		       command_fail(line->command, &err);
	if (output_check(wanted->output, wanted->to, &err) < 0 ||
		selection_check(&wanted->selection, &err) < 0 ||
		source_load_all(line->operands, line->n_operands, &wanted->credentials, &profile,
			&err) < 0 ||
		selection_apply(&wanted->selection, &profile, NULL, &err) < 0 ||
		output_write(profile, wanted->output, wanted->to, &err) < 0)
		return command_fail(line->command, &err);
	return STATUS_DONE;
}

const struct command cmd_convert = {
	.name = "convert",
	.operands = "SOURCE…",
	.summary = "rewrite a profile in another format, or several as one",
	.about = "Reads every SOURCE, whatever its format, sums them, and writes one file: all of "
		 "it, or what the filters leave.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct convert_options),
	.run = run,
};
