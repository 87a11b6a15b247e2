/* cmd_serve: the server: profiles of others taken, kept, and asked about. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/version.h"
#include "ingest/limits.h"
#include "net/address.h"
#include "server/serving.h"
#include "store/store_mem.h"

#define LISTEN_DEFAULT "127.0.0.1:4040"
#define DRAIN_MS 30000u

struct serve_options {
	const char *listen, *log_level, *log_format;
	struct option_list limits;
	bool allow_remote, multi_tenant;
};

static const char *const levels[] = { "debug", "info", "warn", "error", NULL };
static const char *const formats[] = { "logfmt", "json", NULL };

static const struct option table[] = {
	{ 0, "listen", OPTION_TEXT(struct serve_options, listen), .argument = "HOST:PORT",
		.help = "where to listen; port 0 takes a free one (default: " LISTEN_DEFAULT ")" },
	{ 0, "allow-remote", OPTION_FLAG(struct serve_options, allow_remote),
		.help = "listen beyond this machine: everyone who reaches the address can send and "
			"read profiles" },
	{ 0, "multi-tenant", OPTION_FLAG(struct serve_options, multi_tenant),
		.help = "keep tenants apart: every request names its own in X-Scope-OrgID" },
	{ 0, "limit", OPTION_LIST(struct serve_options, limits), .argument = "NAME=NUMBER",
		.help = "how much a tenant may send; see below" },
	{ 0, "log-level", OPTION_TEXT(struct serve_options, log_level), .argument = "LEVEL",
		.choices = levels,
		.help = "the least that is written to standard error (default: info); debug has "
			"every request" },
	{ 0, "log-format", OPTION_TEXT(struct serve_options, log_format), .argument = "FORMAT",
		.choices = formats, .help = "logfmt (default) or json" },
	{ 0 },
};

static size_t place_in(const char *const *words, const char *word, size_t standard)
{
	for (size_t i = 0; word && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return standard;
}

static int read_limits(const struct serve_options *wanted, struct limits *ret, struct err *err)
{
	int rc = 0;

	limits_defaults(ret);
	for (size_t i = 0; rc == 0 && i < wanted->limits.count; i++)
		rc = limits_set(ret, wanted->limits.at[i], err);
	if (rc < 0)
		err_where(err, "--limit");
	return rc;
}

static int start_listening(const struct serve_options *wanted, struct address *address,
	struct serving_options *how, struct err *err)
{
	bool taken;
	uint16_t port;
	int rc = address_parse(wanted->listen ? wanted->listen : LISTEN_DEFAULT, address, err);

	if (rc < 0)
		return rc;
	if (!address_is_loopback(address) && !wanted->allow_remote)
		return err_set(err, ERR_USAGE,
			"%s is reachable from other machines, and nobody is asked for a password: "
			"add --allow-remote if everyone who reaches it may send and read profiles",
			address->host);
	how->fd = address_listen(address, &port, &taken, err);
	if (how->fd < 0)
		return how->fd;
	address->port = port;
	how->guard = (struct guard){
		.bound = address->host, .port = port, .any_host = !address_is_loopback(address)
	};
	return 0;
}

/* Until it is told to end. The signals are blocked before a thread starts, so that all have them
 * so. */
static int serve_until_told(
	const struct serving_options *how, const struct address *address, struct err *err)
{
	struct serving *serving;
	sigset_t ends;
	int number, rc;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	serving_keep_memory();
	rc = serving_start(how, &serving, err);
	if (rc < 0)
		return rc;
	printf(strchr(address->host, ':') ? "http://[%s]:%u/\n" : "http://%s:%u/\n", address->host,
		address->port);
	fflush(stdout);
	journal_say(how->journal, JOURNAL_INFO, "listening",
		&(struct journal_field){ "version", view_of(how->version) }, 1);
	sigwait(&ends, &number);
	journal_say(how->journal, JOURNAL_INFO, "stopping",
		&(struct journal_field){ "signal", view_of(strsignal(number)) }, 1);
	serving_stop(serving);
	journal_say(how->journal, JOURNAL_INFO, "stopped", NULL, 0);
	return 0;
}

static int open_and_serve(
	const struct serve_options *wanted, struct journal *journal, struct err *err)
{
	struct serving_options how = { .journal = journal,
		.version = version_text,
		.multi_tenant = wanted->multi_tenant,
		.drain_ms = DRAIN_MS };
	struct address address;
	int rc = read_limits(wanted, &how.limits, err);

	if (rc == 0)
		rc = store_mem_open(&how.store, err);
	if (rc < 0)
		return rc;
	rc = start_listening(wanted, &address, &how, err);
	if (rc == 0)
		rc = serve_until_told(&how, &address, err);
	store_close(how.store);
	return rc;
}

static int run(const struct command_line *line)
{
	const struct serve_options *wanted = line->options;
	struct err err = { 0 };
	struct journal *journal = journal_new(STDERR_FILENO,
		(enum journal_level)place_in(levels, wanted->log_level, JOURNAL_INFO),
		(enum journal_format)place_in(formats, wanted->log_format, JOURNAL_LOGFMT));
	int rc = journal ? open_and_serve(wanted, journal, &err)
			 : err_set(&err, ERR_NOMEM, "out of memory");

	journal_free(journal);
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover serve", "on this machine only" },
	{ "flyover serve --listen 127.0.0.1:0 --limit samples=50000", "on a free port" },
	{ "curl --data-binary @cpu.pb.gz 'http://127.0.0.1:4040/api/v1/profiles?service=shop'",
		"send it a profile" },
	{ NULL, NULL },
};

const struct command cmd_serve = {
	.name = "serve",
	.summary = "take, keep and show the profiles of many programs",
	.about =
		"Profiles come by POST: /ingest as Pyroscope's clients send them, "
		"/push.v1.PusherService/Push, and /api/v1/profiles for any format by hand. Each is "
		"acknowledged when it is safe. /-/ready says whether all is well, /metrics how "
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
