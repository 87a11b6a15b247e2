/* cmd_serve: the server: profiles of others taken, kept, and asked about. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/serve_plan.h"

struct serve_options {
	struct serve_wish wish;
};

static const struct option table[] = { SERVE_PLAN_OPTIONS(struct serve_options, wish), { 0 } };

static int run(const struct command_line *line)
{
	const struct serve_options *wanted = line->options;
	BUF_AUTO text = { 0 };
	struct err err = { 0 };
	int rc;

	if (wanted->wish.check_config) {
		rc = serve_plan_check(&wanted->wish, &text, &err);
		fwrite(text.at, 1, text.len, stdout);
	} else {
		rc = serve_plan_run(&wanted->wish, NULL, &err);
	}
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover serve", "on this machine only" },
	{ "flyover serve --listen 127.0.0.1:0 --limit samples=50000", "on a free port" },
	{ "flyover serve --config flyover.yml --check-config", "what a file means" },
	{ "curl --data-binary @cpu.pb.gz 'http://127.0.0.1:4040/api/v1/profiles?service=shop'",
		"send it a profile" },
	{ NULL, NULL },
};

const struct command cmd_serve = {
	.name = "serve",
	.summary = "take, keep and show the profiles of many programs",
	.about = "Profiles come by POST: /ingest as Pyroscope's clients send them, "
		 "/push.v1.PusherService/Push, /v1development/profiles for OpenTelemetry, and "
		 "/api/v1/profiles for any format by hand. Each is acknowledged when it is safe. "
		 "/-/ready says whether all is well, /metrics how "
		 "much of it there is.\n"
		 "\n"
		 "It listens on this machine only unless it is told otherwise. SIGTERM and Ctrl-C "
		 "end it, once everything that came is answered.\n"
		 "\n"
		 "A --limit is one of those that docs/SERVE.md lists; who meets one is told its "
		 "name.",
	.examples = examples,
	.options = table,
	.options_size = sizeof(struct serve_options),
	.run = run,
};
