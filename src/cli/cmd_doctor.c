/* cmd_doctor: what this machine can profile, what it can't, and the one thing to change for each.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "render/page_json.h"
#include "sampler/preflight.h"

struct doctor_options {
	bool json;
};

static const struct option table[] = {
	{ 0, "json", OPTION_FLAG(struct doctor_options, json),
		.help = "write the findings as JSON" },
	{ 0 },
};

struct diagnosis {
	struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX];
	size_t count;
	bool bpf, perf; /* nothing that either needs is missing */
};

static struct diagnosis examine(void)
{
	struct diagnosis d = { .bpf = true, .perf = true };

	d.count = preflight_run(d.findings);
	for (size_t i = 0; i < d.count; i++) {
		const struct preflight_finding *f = &d.findings[i];

		d.bpf = d.bpf && (f->ok || !f->for_bpf);
		d.perf = d.perf && (f->ok || !f->for_perf);
	}
	return d;
}

static const char *verdict(const struct diagnosis *d)
{
	if (d->bpf)
		return "Every process of this machine can be sampled, and the kernel.";
	if (d->perf)
		return "Your own processes can be sampled, through perf events. BPF, which samples "
		       "all of them, cannot be used yet.";
	return "Nothing can be sampled yet.";
}

static void write_json(const struct diagnosis *d, struct buf *out)
{
	buf_add_format(out, "{\"bpf\":%s,\"perf\":%s,\"verdict\":", d->bpf ? "true" : "false",
		d->perf ? "true" : "false");
	page_json_text(out, view_of(verdict(d)));
	buf_add_text(out, ",\"findings\":[");
	for (size_t i = 0; i < d->count; i++) {
		const struct preflight_finding *f = &d->findings[i];

		buf_add_format(out, "%s\n{\"name\":", i ? "," : "");
		page_json_text(out, view_of(f->name));
		buf_add_format(out, ",\"ok\":%s,\"for_bpf\":%s,\"for_perf\":%s,\"meaning\":",
			f->ok ? "true" : "false", f->for_bpf ? "true" : "false",
			f->for_perf ? "true" : "false");
		page_json_text(out, view_of(f->meaning));
		buf_add_text(out, ",\"advice\":");
		page_json_text(out, view_of(f->advice));
		buf_add_char(out, '}');
	}
	buf_add_text(out, "\n]}\n");
}

static void write_text(const struct diagnosis *d, struct buf *out)
{
	bool colours = terminal_has_colours(stdout), utf8 = terminal_has_utf8();
	const char *plain = colours ? "\033[0m" : "";

	buf_add_format(out, "%s%s%s\n\n", colours ? "\033[1m" : "", verdict(d), plain);
	for (size_t i = 0; i < d->count; i++) {
		const struct preflight_finding *f = &d->findings[i];
		const char *colour = !colours ? "" : f->ok ? "\033[32m" : "\033[33m";
		const char *mark = f->ok ? (utf8 ? "✓ " : "ok ") : (utf8 ? "✗ " : "NO ");

		buf_add_format(out, "%s%s%s%s\n", colour, mark, plain, f->meaning);
		if (!f->ok)
			buf_add_format(
				out, "%s  %s %s\n", utf8 ? "" : " ", utf8 ? "→" : "->", f->advice);
	}
}

static int run(const struct command_line *line)
{
	const struct doctor_options *wanted = line->options;
	struct diagnosis d = examine();
	BUF_AUTO out = { 0 };

	if (wanted->json)
		write_json(&d, &out);
	else
		write_text(&d, &out);
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
