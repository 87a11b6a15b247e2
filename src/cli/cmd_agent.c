/* cmd_agent: every process of the host, always, pushed to a server. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cli/api_answer.h"
#include "cli/command.h"
#include "cli/sampling_agent.h"

#define SERVER_DEFAULT "http://127.0.0.1:4040/"
#define REPORT_S 60
#define DRAIN_MS 5000u

struct agent_wish {
	struct sampling_wish sampling;
	const char *server, *token_file, *ca_file, *cert_file, *key_file;
};

static const struct option table[] = {
	{ 0, "server", OPTION_TEXT(struct agent_wish, server), .argument = "URL",
		.help = "where profiles go (default: " SERVER_DEFAULT ")" },
	SAMPLING_AGENT_OPTIONS(struct agent_wish, sampling),
	{ 0, "token-file", OPTION_TEXT(struct agent_wish, token_file), .argument = "FILE",
		.help = "the server's token, sent as Authorization: Bearer" },
	{ 0, "ca-file", OPTION_TEXT(struct agent_wish, ca_file), .argument = "FILE",
		.help = "who signed the server's certificate, instead of the system's list" },
	{ 0, "cert-file", OPTION_TEXT(struct agent_wish, cert_file), .argument = "FILE",
		.help = "our own certificate, where the server wants one" },
	{ 0, "key-file", OPTION_TEXT(struct agent_wish, key_file), .argument = "FILE",
		.help = "its key" },
	{ 0 },
};

static int read_trust(const struct agent_wish *wish, struct buf *secret, struct fetches_trust *ret,
	struct err *err)
{
	int rc = 0;

	*ret = (struct fetches_trust){
		.ca_file = wish->ca_file, .cert_file = wish->cert_file, .key_file = wish->key_file
	};
	if (!wish->token_file)
		return 0;
	rc = api_answer_read_token(wish->token_file, secret, err);
	ret->authorization = secret->at;
	return rc;
}

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
	BUF_AUTO secret = { 0 };
	struct fetches_trust trust;
	struct agent *agent;
	sigset_t told;
	int rc = read_trust(wish, &secret, &trust, err);

	if (rc < 0)
		return rc;
	sigemptyset(&told);
	sigaddset(&told, SIGINT);
	sigaddset(&told, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	rc = sampling_agent_start(
		&wish->sampling, wish->server ? wish->server : SERVER_DEFAULT, &trust, &agent, err);
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

static const struct agent_wish defaults = { .sampling = SAMPLING_WISH_DEFAULTS };

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
