/* sampling_agent: the agent as commands run it. */
#include "cli/sampling_agent.h"

#include <stdio.h>
#include <string.h>

#define PUSH_PATH "push.v1.PusherService/Push"
#define NUMBER_MAX 24

int sampling_agent_start(const struct sampling_wish *wish, const char *url,
	const struct fetch_trust *trust, struct agent **ret, struct err *err)
{
	struct agent_options options = {
		.sampler = { .hz = (unsigned)wish->hz,
			.no_kernel = wish->no_kernel,
			.pids = wish->pid,
			.n_pids = wish->pid ? 1 : 0 },
		.window_s = (unsigned)(wish->window_ns / UINT64_C(1000000000)),
		.host = wish->host,
		.service = wish->service,
		.is_alone = wish->is_alone,
	};
	BUF_AUTO push = { 0 };

	if (options.window_s < 1 || options.window_s > 3600)
		return err_set(err, ERR_USAGE, "--window takes 1 second to 1 hour");
	buf_add_text(&push, url);
	if (!view_ends(buf_view(&push), VIEW("/")))
		buf_add_char(&push, '/');
	buf_add(&push, PUSH_PATH, sizeof(PUSH_PATH));
	if (push.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	options.outbox = (struct outbox_options){
		.url = push.at, .mime = "application/proto", .trust = *trust
	};
	return agent_start(&options, ret, err);
}

static struct journal_field number(const char *key, uint64_t value, char *into)
{
	snprintf(into, NUMBER_MAX, "%llu", (unsigned long long)value);
	return (struct journal_field){ key, view_of(into) };
}

void sampling_agent_report(struct agent *agent, struct journal *journal)
{
	char text[7][NUMBER_MAX];
	struct agent_figures f = { 0 };
	struct journal_field fields[9];
	size_t n = 0;
	bool bad;

	agent_get_figures(agent, &f);
	bad = f.trouble[0] || f.outbox.trouble[0];
	fields[n++] = number("windows", f.windows, text[0]);
	fields[n++] = number("series", f.series, text[1]);
	fields[n++] = number("sent", f.outbox.sent, text[2]);
	fields[n++] = number("waiting", f.outbox.waiting, text[3]);
	fields[n++] = number("refused", f.outbox.refused, text[4]);
	fields[n++] = number("dropped", f.outbox.dropped, text[5]);
	fields[n++] = number("cpu_ms", f.cpu_ns / 1000000u, text[6]);
	if (f.trouble[0])
		fields[n++] = (struct journal_field){ "sampling", view_of(f.trouble) };
	if (f.outbox.trouble[0])
		fields[n++] = (struct journal_field){ "pushing", view_of(f.outbox.trouble) };
	journal_say(journal, bad ? JOURNAL_WARN : JOURNAL_INFO,
		bad ? "the agent has trouble" : "the agent works", fields, n);
}
