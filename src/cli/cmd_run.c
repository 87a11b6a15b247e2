/* cmd_run: start a program with the library inside it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/command.h"

#define LIBRARY "libflyover.so.0"
#define NOT_FOUND 127
#define NOT_EXECUTABLE 126
#define HZ_MAX 1000
#define LOCKS_NS_MAX 3600000000000
#define HEAP_RATE_MAX (1 << 30)

struct run_options {
	struct option_list labels;
	const char *http, *output, *heap, *push, *spool, *wall, *block, *mutex;
	uint64_t hz, heap_rate, locks_ns;
	bool kernel;
};

static const struct option options[] = {
	{ 0, "http", OPTION_TEXT(struct run_options, http), .argument = "ADDRESS",
		.help = "serve /debug/pprof/ at HOST:PORT, or at unix:PATH" },
	{ 'o', "output", OPTION_TEXT(struct run_options, output), .argument = "FILE",
		.help = "write a CPU profile here when the program exits; %p is its pid" },
	{ 0, "push", OPTION_TEXT(struct run_options, push), .argument = "URL",
		.help = "upload profiles to this server all the time, as http://HOST:PORT" },
	{ 0, "spool", OPTION_TEXT(struct run_options, spool), .argument = "FOLDER",
		.help = "keep what the server does not take here until it does" },
	{ 'F', "frequency", OPTION_NUMBER(struct run_options, hz), .argument = "HZ", .min = 1,
		.max = HZ_MAX,
		.help = "samples a second, of CPU time or for --wall of time, for files and the "
			"server" },
	{ 0, "kernel", OPTION_FLAG(struct run_options, kernel),
		.help = "CPU profiles with what the kernel does for the program, where it allows "
			"that; may interrupt its system calls: see libflyover(3)" },
	{ 0, "wall", OPTION_TEXT(struct run_options, wall), .argument = "FILE",
		.help = "write a wall-clock profile of all threads, running or waiting, when the "
			"program exits" },
	{ 0, "locks", OPTION_NUMBER(struct run_options, locks_ns), .argument = "NS", .min = 1,
		.max = LOCKS_NS_MAX,
		.help = "record waits for locks, for /debug/pprof/block and mutex; those shorter "
			"than NS are sampled; 100000 is cheap, 1 records all" },
	{ 0, "block", OPTION_TEXT(struct run_options, block), .argument = "FILE",
		.help = "record waits, and write where threads waited when the program exits" },
	{ 0, "mutex", OPTION_TEXT(struct run_options, mutex), .argument = "FILE",
		.help = "record waits, and write who made others wait when the program exits" },
	{ 0, "heap", OPTION_TEXT(struct run_options, heap), .argument = "FILE",
		.help = "write a heap profile here when the program exits" },
	{ 0, "heap-rate", OPTION_NUMBER(struct run_options, heap_rate), .argument = "BYTES",
		.min = 1, .max = HEAP_RATE_MAX,
		.help = "keep a heap profile, a sample every so many bytes; otherwise 524288" },
	{ 0, "label", OPTION_LIST(struct run_options, labels), .argument = "KEY=VALUE",
		.help = "a label for every sample" },
	{ 0 },
};

static const struct command_word examples[] = {
	{ "flyover run --http localhost:6060 -- ./service",
		"then: go tool pprof http://localhost:6060/debug/pprof/profile" },
	{ "flyover run -o cpu.pb.gz -- python3 job.py", "a profile of the whole run" },
	{ "flyover run --push http://localhost:4040 --label region=eu -- ./service",
		"to a Flyover or Pyroscope server, every 15 seconds" },
	{ "flyover run --block waits.pb.gz -- ./service", "where its threads waited" },
	{ "flyover run --heap heap.pb.gz -- ./service",
		"what is live when it ends, and who allocated it" },
	{ 0 },
};

/* Beside this program, or where it was installed with it; else the loader looks for it. */
static void find_library(struct buf *ret)
{
	static const char *const places[] = { "", "../lib/", "../lib/x86_64-linux-gnu/",
		"../lib64/" };
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	const char *slash = len > 0 ? memrchr(program, '/', (size_t)len) : NULL;

	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		buf_clear(ret);
		buf_add(ret, program, (size_t)(slash - program) + 1);
		buf_add_text(ret, places[i]);
		buf_add_text(ret, LIBRARY);
		buf_add_char(ret, '\0');
		if (!ret->failed && access(ret->at, R_OK) == 0)
			return;
	}
	buf_clear(ret);
	buf_add(ret, LIBRARY, sizeof(LIBRARY));
}

/* Ours first: its pthread_create must be the one that is found. */
static int set_preload(struct err *err)
{
	const char *others = getenv("LD_PRELOAD");
	BUF_AUTO value = { 0 };

	find_library(&value);
	if (others && *others && value.len) {
		value.at[value.len - 1] = ':';
		buf_add(&value, others, strlen(others) + 1);
	}
	if (value.failed || setenv("LD_PRELOAD", value.at, 1) < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

static int set_labels(const struct option_list *labels, struct err *err)
{
	BUF_AUTO value = { 0 };

	for (size_t i = 0; i < labels->count; i++) {
		if (!strchr(labels->at[i], '=') || strchr(labels->at[i], ','))
			return err_set(err, ERR_USAGE,
				"'%s' is no label: it should read KEY=VALUE, without a comma",
				labels->at[i]);
		buf_add_format(&value, "%s%s", i ? "," : "", labels->at[i]);
	}
	buf_add_char(&value, '\0');
	if (value.failed || (labels->count && setenv("FLYOVER_LABELS", value.at, 1) < 0))
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

static int set_environment(const struct run_options *wanted, struct err *err)
{
	char hz[24], rate[24], locks[24];
	int rc = set_preload(err);

	if (rc == 0)
		rc = set_labels(&wanted->labels, err);
	if (rc < 0)
		return rc;
	snprintf(hz, sizeof(hz), "%u", (unsigned)wanted->hz);
	snprintf(locks, sizeof(locks), "%llu", (unsigned long long)wanted->locks_ns);
	snprintf(rate, sizeof(rate), "%u", (unsigned)wanted->heap_rate);
	unsetenv("FLYOVER_PARENT"); /* this program is a first one */
	if ((wanted->http && setenv("FLYOVER_HTTP", wanted->http, 1) < 0) ||
		(wanted->push && setenv("FLYOVER_PUSH", wanted->push, 1) < 0) ||
		(wanted->spool && setenv("FLYOVER_PUSH_SPOOL", wanted->spool, 1) < 0) ||
		(wanted->output && setenv("FLYOVER_CPUPROFILE", wanted->output, 1) < 0) ||
		(wanted->heap && setenv("FLYOVER_HEAPPROFILE", wanted->heap, 1) < 0) ||
		(wanted->heap_rate && setenv("FLYOVER_HEAPRATE", rate, 1) < 0) ||
		(wanted->hz && setenv("FLYOVER_HZ", hz, 1) < 0) ||
		(wanted->kernel && setenv("FLYOVER_KERNEL", "1", 1) < 0) ||
		(wanted->locks_ns && setenv("FLYOVER_LOCKS", locks, 1) < 0) ||
		(wanted->wall && setenv("FLYOVER_WALLPROFILE", wanted->wall, 1) < 0) ||
		(wanted->block && setenv("FLYOVER_BLOCKPROFILE", wanted->block, 1) < 0) ||
		(wanted->mutex && setenv("FLYOVER_MUTEXPROFILE", wanted->mutex, 1) < 0))
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

static int run(const struct command_line *line)
{
	const struct run_options *wanted = line->options;
	struct err err = { 0 };
	int error;

	if (!wanted->http && !wanted->output && !wanted->heap && !wanted->push && !wanted->wall &&
		!wanted->block && !wanted->mutex) {
		err_set(&err, ERR_USAGE,
			"it needs --http, --output, --heap, --push, --wall, --block or --mutex");
		return command_fail(line->command, &err);
	}
	if (set_environment(wanted, &err) < 0)
		return command_fail(line->command, &err);
	execvp(line->operands[0], line->operands);
	error = errno;
	err_errno(&err, error, "cannot run %s", line->operands[0]);
	command_fail(line->command, &err);
	return error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}

const struct command cmd_run = {
	.name = "run",
	.operands = "COMMAND…",
	.summary = "start a program with the profiler inside it",
	.about = "Loads libflyover into a dynamically linked program that was never changed. The "
		 "program "
		 "keeps its process, its exit status and its output. Programs that it starts in "
		 "turn "
		 "are profiled too; their files get their pid as another ending.\n\n"
		 "It needs no privileges, but for --kernel. What it cannot see: programs that are "
		 "linked statically or run as another user (setuid).",
	.examples = examples,
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = options,
	.options_size = sizeof(struct run_options),
	.stops_at_operand = true,
	.run = run,
};
