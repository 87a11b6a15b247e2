/* cmd_doctor: what this machine can profile, what it can't, and the one thing to change for each.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/diagnosis.h"
#include "cli/terminal.h"
#include "sampler/preflight.h"

struct doctor_options {
	bool json;
};

static const struct option table[] = {
	{ 0, "json", OPTION_FLAG(struct doctor_options, json),
		.help = "write the findings as JSON" },
	{ 0 },
};

static int run(const struct command_line *line)
{
	const struct doctor_options *wanted = line->options;
	struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX];
	struct diagnosis d;
	BUF_AUTO out = { 0 };

	diagnosis_make(findings, preflight_run(findings), &d);
	if (wanted->json)
		diagnosis_json(&d, &out);
	else
		diagnosis_text(&d, terminal_has_colours(stdout), terminal_has_utf8(), &out);
	fwrite(out.at, 1, out.len, stdout);
	return d.bpf || d.perf ? STATUS_DONE : STATUS_NO;
}

static const struct command_word examples[] = {
	{ "flyover doctor", "says what this machine lets you sample, and what to change" },
	{ 0 },
};

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "say what this machine can profile, and what to change",
	.about =
		"Looks at the kernel, its settings and the caller's capabilities; changes nothing. "
		"The exit status is 1 if nothing at all can be sampled.",
	.examples = examples,
	.options = table,
	.options_size = sizeof(struct doctor_options),
	.run = run,
};
