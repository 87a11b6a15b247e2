/* cmd_agent: every process of the host, always, pushed to a server. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cli/api_url.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/sampling_agent.h"

#define REPORT_S 60
#define DRAIN_MS 5000u

struct agent_wish {
	struct sampling_wish sampling;
	struct credentials_wish credentials;
	const char *server;
};

static const struct option table[] = {
	{ 0, "server", OPTION_TEXT(struct agent_wish, server), .argument = "URL",
		.help = "where profiles go " API_URL_SERVER_HELP },
	SAMPLING_AGENT_OPTIONS(struct agent_wish, sampling),
	CREDENTIALS_OPTIONS(struct agent_wish, credentials),
	{ 0 },
};

/* Says how it goes every minute, until it is told to end. */
static void work_until_told(struct agent *agent, struct journal *journal, const sigset_t *told)
{
	int number = 0;

	while (number != SIGINT && number != SIGTERM) {
		number = sigtimedwait(told, NULL, &(struct timespec){ REPORT_S, 0 });
		sampling_agent_report(agent, journal);
	}
}

static int work(const struct agent_wish *wish, struct journal *journal, struct err *err)
{
	struct credentials credentials;
	struct agent *agent;
	sigset_t told;
	int rc = credentials_read(&wish->credentials, &credentials, err);
	sigemptyset(&told);
	sigaddset(&told, SIGINT);
	sigaddset(&told, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	if (rc == 0)
		rc = sampling_agent_start(&wish->sampling, api_url_server(wish->server),
			&credentials.trust, &agent, err);
	credentials_fini(&credentials);
	if (rc < 0)
		return rc;
	journal_say(journal, JOURNAL_INFO, "sampling", NULL, 0);
	work_until_told(agent, journal, &told);
	agent_stop(agent, DRAIN_MS);
	return 0;
}

static int run(const struct command_line *line)
{
	struct journal *journal = journal_new(STDERR_FILENO, JOURNAL_INFO, JOURNAL_LOGFMT);
	struct err err = { 0 };
	int rc = journal ? work(line->options, journal, &err)
			 : err_set(&err, ERR_NOMEM, "out of memory");

	journal_free(journal);
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover agent", "this host, to the server on this host" },
	{ "flyover agent --server https://flyover.example:4040/ --token-file /etc/flyover/token",
		"to the server of all hosts" },
	{ NULL, NULL },
};

static const struct agent_wish defaults = { .sampling = {
						    SAMPLING_WISH_DEFAULTS, .is_alone = true } };

const struct command cmd_agent = {
	.name = "agent",
	.summary = "sample every process of the host, always, and push to a server",
	.about =
		"Interrupts every CPU HZ times a second, and pushes a profile of each process for "
		"each window, with the labels service_name (the systemd unit, or the name of the "
		"executable), host, comm, exe, unit, container, pid and pid_start. How the "
		"sampling itself went is the profile \"capture\" of the service flyover.\n"
		"\n"
		"Processes that publish OpenTelemetry's process and thread contexts, as libflyover "
		"does, are called as they call themselves, and their samples carry their trace and "
		"span ids and labels. What pushes CPU profiles of itself by libflyover is kept as "
		"host_cpu, so that no time is counted twice.\n"
		"\n"
		"While the server does not answer, up to 64 MiB of windows wait in memory; older "
		"ones are dropped and counted. A line every minute says how it goes. SIGTERM and "
		"Ctrl-C end it.",
	.examples = examples,
	.options = table,
	.options_size = sizeof(struct agent_wish),
	.defaults = &defaults,
	.run = run,
};
