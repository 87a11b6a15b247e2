/* cmd_up: server and agent together: this machine's profiles from the first minute on. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/sampling_agent.h"
#include "cli/serve_plan.h"

#define DRAIN_MS 3000u

struct up_wish {
	struct serve_wish serve;
	struct sampling_wish sampling;
};

static const struct option table[] = { SERVE_PLAN_OPTIONS(struct up_wish, serve),
	SAMPLING_AGENT_OPTIONS(struct up_wish, sampling), { 0 } };

struct up {
	const struct up_wish *wish;
	struct journal *journal;
	struct agent *agent;
};

/* Through the server's own front door. Where sampling is not permitted the server still serves. */
static int begin(void *owner, const struct serve_door *door, struct err *err)
{
	struct up *up = owner;
	struct err why = { 0 };
	int rc = sampling_agent_start(
		&up->wish->sampling, door->url, &door->trust, &up->agent, &why);

	(void)err;
	up->journal = door->journal;
	if (rc < 0)
		journal_say(up->journal, JOURNAL_ERROR, "this host is not sampled",
			&(struct journal_field){ "reason", view_of(why.text) }, 1);
	return 0;
}

static void end(void *owner)
{
	struct up *up = owner;

	if (!up->agent)
		return;
	sampling_agent_report(up->agent, up->journal);
	agent_stop(up->agent, DRAIN_MS);
}

static int run(const struct command_line *line)
{
	struct up up = { .wish = line->options };
	struct serve_guest guest = { begin, end, &up };
	BUF_AUTO text = { 0 };
	struct err err = { 0 };
	int rc;

	if (up.wish->serve.check_config) {
		rc = serve_plan_check(&up.wish->serve, &text, &err);
		fwrite(text.at, 1, text.len, stdout);
	} else {
		rc = serve_plan_run(&up.wish->serve, &guest, &err);
	}
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover up", "this machine's profiles at http://127.0.0.1:4040/" },
	{ "flyover up --window 5s -F 49", "finer in time, coarser in stacks" },
	{ NULL, NULL },
};

static const struct up_wish defaults = { .sampling = { SAMPLING_WISH_DEFAULTS } };

const struct command cmd_up = {
	.name = "up",
	.summary = "server and agent together on this machine",
	.about = "What `serve` and `agent` do, in one process: every process of this host is "
		 "sampled, always, and its profiles are kept and shown here.",
	.examples = examples,
	.options = table,
	.options_size = sizeof(struct up_wish),
	.defaults = &defaults,
	.run = run,
};
