/* cmd_view: fetch, merge, and open the flame graph page. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/selection.h"
#include "cli/source.h"
#include "cli/version.h"
#include "model/profile.h"
#include "net/address.h"
#include "net/httpd.h"
#include "render/page.h"
#include "server/sourcecode.h"
#include "server/viewer.h"

#define HTTP_DEFAULT "127.0.0.1:9090"

struct view_options {
	struct selection selection;
	struct credentials_wish credentials;
	const char *http;
	struct option_list source_roots;
	bool no_browser, allow_remote;
};

static const struct option table[] = {
	{ 0, "http", OPTION_TEXT(struct view_options, http), .argument = "HOST:PORT",
		.help = "where to listen; port 0 takes a free one (default: " HTTP_DEFAULT
			", or a free port if that is taken)" },
	{ 0, "no-browser", OPTION_FLAG(struct view_options, no_browser),
		.help = "only print the address" },
	{ 0, "allow-remote", OPTION_FLAG(struct view_options, allow_remote),
		.help = "listen beyond this machine: everyone who reaches the address can read the "
			"profile" },
	{ 0, "source-root", OPTION_LIST(struct view_options, source_roots),
		.argument = "[PREFIX=]FOLDER",
		.help = "show the code of functions from files below this folder; PREFIX is what "
			"their names begin with where they were built (may be given again)" },
	SELECTION_OPTIONS(struct view_options, selection),
	CREDENTIALS_OPTIONS(struct view_options, credentials),
	{ 0 },
};

struct listening {
	struct address address;
	uint16_t port;
	int fd;
};

/* The default port may be taken by an earlier page; a port that was asked for may not. */
static int start_listening(
	const struct view_options *wanted, struct listening *ret, struct err *err)
{
	bool taken;
	int rc = address_parse(wanted->http ? wanted->http : HTTP_DEFAULT, &ret->address, err);

	if (rc < 0)
		return rc;
	if (!address_is_loopback(&ret->address) && !wanted->allow_remote)
		return err_set(err, ERR_USAGE,
			"%s is reachable from other machines, and the page asks for no password: "
			"add "
			"--allow-remote if everyone who reaches it may read the profile",
			ret->address.host);
	ret->fd = address_listen(&ret->address, &ret->port, &taken, err);
	if (ret->fd < 0 && taken && !wanted->http) {
		ret->address.port = 0;
		ret->fd = address_listen(&ret->address, &ret->port, &taken, err);
	}
	return ret->fd < 0 ? ret->fd : 0;
}

static void open_browser(const char *url)
{
	char *const argv[] = { "xdg-open", (char *)url, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	extern char **environ;

	if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
		return;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return;
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	/* No browser is no error: the address was printed. The child is left to init at the end. */
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		pid = 0;
	posix_spawn_file_actions_destroy(&actions);
}

static void title_of(char *const *sources, unsigned n, struct buf *out)
{
	for (unsigned i = 0; i < n; i++)
		buf_add_format(out, "%s%s", i ? " + " : "",
			strcmp(sources[i], "-") == 0 ? "standard input" : sources[i]);
	buf_add_char(out, '\0');
}

/* Serves until Ctrl-C. The signals are blocked before a thread starts, so that all have them so. */
static int serve(struct viewer *viewer, const struct listening *at, const char *url, bool browser,
	struct err *err)
{
	struct httpd_options how = {
		.fd = at->fd, .handle = viewer_handle, .owner = viewer, .headers = guard_headers
	};
	struct httpd *httpd;
	sigset_t ends;
	int number, rc;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	rc = httpd_start(&how, &httpd, err);
	if (rc < 0)
		return rc;
	printf("%s\n", url);
	fflush(stdout);
	fprintf(stderr, "Ctrl-C ends it.\n");
	if (browser)
		open_browser(url);
	sigwait(&ends, &number);
	httpd_stop(httpd);
	return 0;
}

static int show(const struct profile *profile, const char *title, const struct view_options *wanted,
	const struct sourcecode *sources, struct err *err)
{
	struct listening at;
	struct viewer *viewer;
	char url[ADDRESS_URL_MAX];
	struct viewer_options what = {
		.profile = profile, .title = title, .version = version_text
	};
	int rc = start_listening(wanted, &at, err);

	if (rc < 0)
		return rc;
	what.guard = (struct guard){ .bound = at.address.host,
		.port = at.port,
		.any_host = !address_is_loopback(&at.address) };
	what.sources = sources;
	rc = viewer_new(&what, &viewer, err);
	if (rc < 0) {
		close(at.fd);
		return rc;
	}
	at.address.port = at.port;
	address_url(&at.address, "http", url);
	rc = serve(viewer, &at, url, !wanted->no_browser, err);
	viewer_free(viewer);
	return rc;
}

static int run(const struct command_line *line)
{
	PROFILE_AUTO profile = NULL;
	BUF_AUTO title = { 0 };
	const struct view_options *wanted = line->options;
	struct err err = { 0 };
	struct sourcecode *sources = NULL;
	int rc = selection_check(&wanted->selection, &err);

	if (rc == 0 && !page_is_built())
		rc = err_set(&err, ERR_UNSUPPORTED,
			"this build has no page: run `make build`, which builds web/ too");
	if (rc == 0)
		rc = sourcecode_new(
			wanted->source_roots.at, wanted->source_roots.count, &sources, &err);
	if (rc == 0)
		rc = source_load_all(
			line->operands, line->n_operands, &wanted->credentials, &profile, &err);
	if (rc == 0)
		rc = selection_apply(&wanted->selection, &profile, NULL, &err);
	title_of(line->operands, line->n_operands, &title);
	if (rc == 0 && title.failed)
		rc = err_set(&err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = show(profile, title.at, wanted, sources, &err);
	sourcecode_free(sources);
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover view flyover.pb.gz", "look at what `record` wrote" },
	{ "flyover view http://localhost:6060/debug/pprof/profile?seconds=10",
		"profile a Go program for ten seconds and look at it" },
	{ "flyover view --no-browser --http 127.0.0.1:0 a.pb.gz b.pb.gz",
		"the sum of two profiles, on any free port" },
	{ NULL, NULL },
};

const struct command cmd_view = {
	.name = "view",
	.operands = "SOURCE…",
	.summary = "fetch, merge, and open the flame graph page",
	.about =
		"A SOURCE is a file in any readable format, - for standard input, or the address "
		"of a "
		"pprof endpoint: a URL, or HOST:PORT for its CPU profile; or that of a server with "
		"a selector (`flyover help query`). Several are added up.\n"
		"\n"
		"The page is served to this machine only, and nothing is fetched from elsewhere.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct view_options),
	.run = run,
};
