/* cmd_record: sample a command, processes or the host, and write what was found. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "cli/command.h"
#include "cli/record_child.h"
#include "cli/record_output.h"
#include "cli/record_summary.h"
#include "sampler/sampler.h"
#include "symbol/symbol.h"

#define POLL_MS 200
#define PROGRESS_NS UINT64_C(500000000)
#define OWN_NICE (-10)

static const char *const events[] = { "cpu", NULL };
static const char *const backends[] = { "auto", "bpf", "perf", NULL };

struct record_options {
	struct option_list pids, events, labels, outputs;
	bool whole_host, json, no_kernel, no_hurry, quiet;
	uint64_t hz, duration_ns;
	const char *backend, *format;
};

static const struct option options[] = {
	{ 'p', "pid", OPTION_LIST(struct record_options, pids), .argument = "PID",
		.help = "sample this process: its threads, and the children it will have" },
	{ 'a', "all", OPTION_FLAG(struct record_options, whole_host),
		.help = "sample the whole host" },
	{ 'F', "frequency", OPTION_NUMBER(struct record_options, hz), .argument = "HZ", .min = 1,
		.max = SAMPLER_HZ_MAX, .help = "samples a second of CPU time" },
	{ 'd', "duration", OPTION_DURATION(struct record_options, duration_ns),
		.argument = "SECONDS", .help = "stop after so long; a command goes on" },
	{ 'e', "event", OPTION_LIST(struct record_options, events), .argument = "EVENT",
		.choices = events, .help = "what to sample" },
	{ 'o', "output", OPTION_LIST(struct record_options, outputs), .argument = "FILE",
		.help = "where to write; the name's ending says which format "
			"(" RECORD_OUTPUT_DEFAULT ")" },
	{ 0, "to", OPTION_TEXT(struct record_options, format), .argument = "FORMAT",
		.help = "write in this format, whatever the names say; -o - is pprof otherwise" },
	{ 0, "label", OPTION_LIST(struct record_options, labels), .argument = "KEY=VALUE",
		.help = "a label for every sample" },
	{ 0, "no-kernel", OPTION_FLAG(struct record_options, no_kernel),
		.help = "leave the kernel's frames out" },
	{ 0, "no-hurry", OPTION_FLAG(struct record_options, no_hurry),
		.help = "do not go before others on a busy machine (nice -10, if permitted)" },
	{ 0, "backend", OPTION_TEXT(struct record_options, backend), .argument = "NAME",
		.choices = backends, .help = "how to sample: with BPF, or by perf events" },
	{ 0, "json", OPTION_FLAG(struct record_options, json),
		.help = "write the summary as JSON to standard output" },
	{ 'q', "quiet", OPTION_FLAG(struct record_options, quiet), .help = "no summary" },
	{ 0 },
};

/* One recording. */
struct recording {
	const struct command_line *line;
	const struct record_options *options;
	pid_t *pids; /* owned */
	size_t n_pids, cap_pids;
	struct sampler_label *labels; /* owned; the keys are copies */
	size_t n_labels, cap_labels;
	struct record_child child;
	struct sampler *sampler;
	int signal_fd;
	int signalled; /* the signal that ended it, or 0 */
	int usual_nice;
	uint64_t started_ns, shown_ns;
	struct symbol_stats symbols;
};

static int read_pids(struct recording *r, struct err *err)
{
	for (size_t i = 0; i < r->options->pids.count; i++) {
		struct view rest = view_of(r->options->pids.at[i]);
		bool more = true;

		while (more) {
			struct view word = view_take(&rest, ',', &more);
			pid_t *slot = VEC_ADD(r->pids, r->n_pids, r->cap_pids);
			uint64_t number;

			if (!slot)
				return err_set(err, ERR_NOMEM, "out of memory");
			if (!view_to_u64(word, &number) || number == 0 || number > INT32_MAX)
				return err_set(err, ERR_USAGE, "'%.*s' is not a process number",
					(int)word.len, word.at);
			*slot = (pid_t)number;
		}
	}
	return 0;
}

static int read_labels(struct recording *r, struct err *err)
{
	for (size_t i = 0; i < r->options->labels.count; i++) {
		const char *text = r->options->labels.at[i], *equals = strchr(text, '=');
		struct sampler_label *slot = VEC_ADD(r->labels, r->n_labels, r->cap_labels);
		char *key;

		if (!equals || equals == text)
			return err_set(
				err, ERR_USAGE, "'%s' is no label: it must be KEY=VALUE", text);
		key = strndup(text, (size_t)(equals - text));
		if (!slot || !key) {
			free(key);
			return err_set(err, ERR_NOMEM, "out of memory");
		}
		*slot = (struct sampler_label){ key, equals + 1 };
	}
	return 0;
}

static int check_wish(const struct recording *r, struct err *err)
{
	bool command = r->line->n_operands > 0;

	if (!command && r->n_pids == 0 && !r->options->whole_host)
		return err_set(err, ERR_USAGE,
			"what shall be sampled? Give -p PID, -a for the whole host, or a command");
	if (r->n_pids && r->options->whole_host)
		return err_set(err, ERR_USAGE, "-a and -p exclude each other");
	if (r->n_pids && command)
		return err_set(err, ERR_USAGE, "-p and a command exclude each other");
	for (size_t i = 0; i < r->options->outputs.count && r->options->json; i++)
		if (strcmp(r->options->outputs.at[i], "-") == 0)
			return err_set(err, ERR_USAGE,
				"--json and -o - both want standard output: name a file");
	return record_output_check(&r->options->outputs, r->options->format, err);
}

/* From here on signals come through a descriptor; `before` is what a command gets. */
static int catch_signals(struct recording *r, sigset_t *before, struct err *err)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, before);
	r->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signal_fd >= 0 ? 0 : err_errno(err, errno, "cannot wait for signals");
}

/* True if somebody wants us to stop. */
static bool stop_wanted(struct recording *r)
{
	struct signalfd_siginfo info;

	while (read(r->signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			r->signalled = (int)info.ssi_signo;
	return r->signalled;
}

static int open_sampler(struct recording *r, struct err *err)
{
	struct sampler_options wanted = { .hz = (unsigned)r->options->hz,
		.whole_host = r->options->whole_host,
		.no_kernel = r->options->no_kernel,
		.labels = r->labels,
		.n_labels = r->n_labels,
		.pids = r->pids,
		.n_pids = r->n_pids };

	if (strcmp(r->options->backend, "bpf") == 0)
		wanted.backend = SAMPLER_BPF;
	if (strcmp(r->options->backend, "perf") == 0)
		wanted.backend = SAMPLER_PERF;
	if (r->child.pid && !wanted.whole_host) {
		wanted.pids = &r->child.pid;
		wanted.n_pids = 1;
	}
	return sampler_new(&wanted, &r->sampler, err);
}

static void show_progress(struct recording *r, uint64_t now_ns)
{
	if (r->options->quiet || !isatty(STDERR_FILENO) || now_ns - r->shown_ns < PROGRESS_NS)
		return;
	r->shown_ns = now_ns;
	fprintf(stderr, "\rsampling, %.0f s (Ctrl-C ends it) ",
		(double)(now_ns - r->started_ns) / 1e9);
}

static bool finished(struct recording *r, uint64_t now_ns)
{
	if (stop_wanted(r))
		return true;
	if (r->options->duration_ns && now_ns - r->started_ns >= r->options->duration_ns)
		return true;
	if (r->child.pid == 0)
		return sampler_targets_gone(r->sampler);
	record_child_look(&r->child, false);
	return r->child.ended; /* what it left running is no longer the command */
}

static int wait_ms(const struct recording *r, uint64_t now_ns)
{
	uint64_t left_ns, end_ns = r->started_ns + r->options->duration_ns;

	if (!r->options->duration_ns)
		return POLL_MS;
	left_ns = end_ns > now_ns ? end_ns - now_ns : 0;
	return left_ns / 1000000u < POLL_MS ? (int)(left_ns / 1000000u) + 1 : POLL_MS;
}

static int sample(struct recording *r, struct err *err)
{
	uint64_t now_ns;
	int rc = sampler_start(r->sampler, err);

	if (rc == 0 && r->child.pid)
		rc = record_child_go(&r->child, r->line->operands[0], err);
	r->started_ns = now_ns = clock_monotonic_ns();
	while (rc == 0 && !finished(r, now_ns)) {
		rc = sampler_poll(r->sampler, wait_ms(r, now_ns), r->signal_fd, err);
		if (rc == ERR_CANCELLED)
			rc = 0;
		now_ns = clock_monotonic_ns();
		show_progress(r, now_ns);
	}
	if (r->shown_ns)
		fputs("\r\033[K", stderr);
	return rc;
}

static int name_and_write(struct recording *r, struct sampler_window *window, struct err *err)
{
	struct symbolizer_options how = { 0 };
	struct symbolizer *symbolizer;
	int rc = symbolizer_new(&how, &symbolizer, err);

	if (rc == 0) {
		rc = symbol_resolve(symbolizer, window->profile, window->sources, &r->symbols, err);
		symbolizer_free(symbolizer);
	}
	if (rc == 0)
		rc = record_output_write(
			window->profile, &r->options->outputs, r->options->format, err);
	return rc;
}

/* Of us and of those who worked for us, but not of the command. */
static uint64_t own_cpu_ns(const struct recording *r)
{
	struct rusage usage;
	uint64_t children_ns;

	getrusage(RUSAGE_CHILDREN, &usage);
	children_ns = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
		      (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
	return clock_process_cpu_ns() +
	       (children_ns > r->child.cpu_ns ? children_ns - r->child.cpu_ns : 0);
}

static void summarize(const struct recording *r, const struct sampler_window *window)
{
	static const char *const default_files[] = { RECORD_OUTPUT_DEFAULT };
	bool named = r->options->outputs.count;
	BUF_AUTO text = { 0 };
	struct record_summary summary = { .profile = window->profile,
		.files = named ? r->options->outputs.at : default_files,
		.n_files = named ? r->options->outputs.count : 1,
		.own_cpu_ns = own_cpu_ns(r),
		.symbols = r->symbols };

	sampler_get_stats(r->sampler, &summary.sampler);
	if (r->options->json) {
		record_summary_json(&summary, &text);
		fwrite(text.at, 1, text.len, stdout);
	} else if (!r->options->quiet) {
		record_summary_text(&summary, &text);
		fwrite(text.at, 1, text.len, stderr);
	}
}

/* Hands on what ended us, then waits for the command; a second signal ends the waiting. */
static int end_child(struct recording *r)
{
	if (r->signalled)
		kill(r->child.pid, r->signalled);
	r->signalled = 0;
	while (!r->child.ended && !stop_wanted(r)) {
		struct pollfd fd = { .fd = r->signal_fd, .events = POLLIN };

		record_child_look(&r->child, false);
		if (!r->child.ended)
			poll(&fd, 1, POLL_MS);
	}
	return r->child.ended ? record_child_exit_status(&r->child) : 128 + r->signalled;
}

/* On a busy machine samples that wait for us pile up with their stacks, so we go first while we
 * sample, if we may. A command was started before that and keeps its own priority. */
static void hurry(struct recording *r)
{
	r->usual_nice = getpriority(PRIO_PROCESS, 0);
	if (!r->options->no_hurry && r->usual_nice > OWN_NICE)
		setpriority(PRIO_PROCESS, 0, OWN_NICE);
}

static int record(struct recording *r, struct err *err)
{
	struct sampler_window window = { 0 };
	sigset_t before;
	int rc = catch_signals(r, &before, err);

	if (rc == 0 && r->line->n_operands)
		rc = record_child_start(&r->child, r->line->operands, &before, err);
	hurry(r);
	if (rc == 0)
		rc = open_sampler(r, err);
	if (rc == 0)
		rc = sample(r, err);
	if (rc == 0)
		rc = sampler_take(r->sampler, &window, err);
	setpriority(PRIO_PROCESS, 0, r->usual_nice);
	if (rc == 0)
		rc = name_and_write(r, &window, err);
	if (rc == 0)
		summarize(r, &window);
	sampler_window_fini(&window);
	return rc;
}

static int run(const struct command_line *line)
{
	struct recording r = { .line = line,
		.options = line->options,
		.signal_fd = -1,
		.child = { .go_fd = -1, .failed_fd = -1 } };
	struct err err = { 0 };
	int rc = read_pids(&r, &err), status;

	if (rc == 0)
		rc = read_labels(&r, &err);
	if (rc == 0)
		rc = check_wish(&r, &err);
	status = STATUS_WRONG;
	if (rc == 0) {
		rc = record(&r, &err);
		status = line->n_operands ? STATUS_OURS : STATUS_WRONG;
	}
	if (rc < 0)
		command_fail(line->command, &err);
	if (rc < 0 && r.child.never_ran && r.child.ended)
		status = record_child_exit_status(&r.child);
	record_child_abandon(&r.child);
	if (rc == 0)
		status = r.child.pid ? end_child(&r) : STATUS_DONE;
	sampler_free(r.sampler);
	for (size_t i = 0; i < r.n_labels; i++)
		free((char *)r.labels[i].key);
	free(r.labels);
	free(r.pids);
	if (r.signal_fd >= 0)
		close(r.signal_fd);
	return status;
}

static const struct record_options defaults = { .hz = SAMPLER_HZ_DEFAULT, .backend = "auto" };

static const struct command_word examples[] = {
	{ "flyover record -p 1234 -d 10s", "sample a process for ten seconds" },
	{ "flyover record -o build.svg -- make -j8", "a flame graph of a build" },
	{ "flyover record -a -F 999 -d 5s -o host.folded", "the whole host, finely" },
	{ NULL, NULL },
};

const struct command cmd_record = {
	.name = "record",
	.operands = "[-- COMMAND…]",
	.summary = "sample a command, processes or the host",
	.about =
		"Interrupts what it samples HZ times a second of CPU time, writes down the stacks, "
		"names them and writes a profile. Ctrl-C ends the recording; what was found until "
		"then is written. The exit status is the command's, if one was given.",
	.examples = examples,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = options,
	.options_size = sizeof(struct record_options),
	.defaults = &defaults,
	.stops_at_operand = true,
	.run = run,
};
