/* environment: what the FLYOVER_* variables ask for, when the library is loaded and when it ends.
 */
#include "inproc/environment.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inproc/cpu_output.h"
#include "inproc/endpoint.h"
#include "inproc/engine.h"
#include "inproc/environment_locks.h"
#include "inproc/heap_output.h"
#include "inproc/heap_profile.h"
#include "inproc/hook_pthread.h"
#include "inproc/label_keys.h"
#include "inproc/process_context.h"
#include "inproc/push.h"
#include "inproc/sig_toggle.h"
#include "inproc/wall_capture.h"
#include "inproc/wall_output.h"

#define PARENT "FLYOVER_PARENT"
#define BEGINNINGS 8

/* What the thread that waits for the signal needs. */
static struct {
	char path[PATH_MAX];
	unsigned hz;
} toggle;

/* Where the heap profile of this process goes at its end. */
static char heap_path[PATH_MAX];
static pid_t heap_pid;

/* Now, when somebody reads what is said, and not at the end. */
static int check_folder(const char *file, struct err *err)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/');
	int len = slash && slash > file ? (int)(slash - file) : 1;

	snprintf(folder, sizeof(folder), "%.*s", len, slash ? file : ".");
	if (strstr(folder, "%p") || access(file, W_OK) == 0 || access(folder, W_OK | X_OK) == 0)
		return 0;
	return err_errno(err, errno, "no profile can be written to %s", file);
}

int environment_file(const char *wanted, bool is_first, char *into, size_t size, struct err *err)
{
	bool has_pid = strstr(wanted, "%p") != NULL;
	int n = snprintf(into, size, "%s%s", wanted, has_pid || is_first ? "" : ".%p"), rc;

	if (n < 0 || (size_t)n >= size)
		return err_set(err, ERR_LIMIT, "the name of the profile is too long");
	rc = check_folder(into, err);
	if (rc < 0)
		into[0] = '\0';
	return rc;
}

/* Whether no other profiled process started this one. An exec in the same process changes nothing.
 */
static bool find_first(void)
{
	const char *parent = getenv(PARENT);
	char pid[24];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	if (parent)
		return strcmp(parent, pid) == 0;
	setenv(PARENT, pid, 0);
	return true;
}

static unsigned number(const char *name, unsigned max, struct err *err)
{
	const char *text = secure_getenv(name);
	uint64_t value;

	if (!text || !*text)
		return 0;
	if (view_to_u64(view_of(text), &value) && value >= 1 && value <= max)
		return (unsigned)value;
	err_set(err, ERR_USAGE, "%s=%s is no number from 1 to %u", name, text, max);
	return 0;
}

static int begin_kernel(struct err *err)
{
	const char *wanted = secure_getenv("FLYOVER_KERNEL");

	if (!wanted || !*wanted || strcmp(wanted, "0") == 0)
		return 0;
	if (strcmp(wanted, "1") != 0)
		return err_set(err, ERR_USAGE, "FLYOVER_KERNEL=%s is neither 0 nor 1", wanted);
	cpu_source_default_kernel();
	return 0;
}

static int open_endpoint(void *context, struct err *err)
{
	return endpoint_open(context, err);
}

static int begin_http(struct err *err)
{
	struct endpoint_options options = { .where = secure_getenv("FLYOVER_HTTP"),
		.token = secure_getenv("FLYOVER_TOKEN") };

	if (!options.where || !*options.where)
		return 0;
	return engine_call(open_endpoint, &options, err);
}

static int begin_profile(const char *path, unsigned hz, struct err *err)
{
	struct cpu_output_options options = { .path = path, .fd = -1, .capture = { .hz = hz } };

	return cpu_output_start(&options, err);
}

static void *wait_for_signals(void *unused)
{
	char path[PATH_MAX + 16];

	for (unsigned count = 0;;) {
		while (sem_wait(&sig_toggle_count) < 0)
			;
		if (cpu_output_running()) {
			cpu_output_stop(NULL);
			continue;
		}
		snprintf(path, sizeof(path), "%s.%u", toggle.path, count++);
		begin_profile(path, toggle.hz, NULL);
	}
	return unused;
}

static int begin_toggle(int signal_number, const char *path, unsigned hz, struct err *err)
{
	struct sigaction action = { .sa_handler = sig_toggle_handle, .sa_flags = SA_RESTART };
	struct sigaction old;
	sigset_t all, before;
	pthread_t thread;
	int error;

	if (sigaction(signal_number, NULL, &old) < 0 || old.sa_handler != SIG_DFL)
		return err_set(err, ERR_DENIED, "signal %d is in use", signal_number);
	snprintf(toggle.path, sizeof(toggle.path), "%s", path);
	toggle.hz = hz;
	sem_init(&sig_toggle_count, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = hook_pthread_create(&thread, NULL, wait_for_signals, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return err_errno(err, error, "cannot start a thread");
	sigaction(signal_number, &action, NULL);
	return 0;
}

static int begin_cpu(bool is_first, struct err *err)
{
	const char *wanted = secure_getenv("FLYOVER_CPUPROFILE");
	struct err bad = { 0 };
	unsigned hz = number("FLYOVER_HZ", CPU_CAPTURE_HZ_MAX, &bad);
	unsigned signal_number = number("FLYOVER_CPUPROFILESIGNAL", 64, &bad);
	char path[PATH_MAX];
	int rc;

	if (!wanted || !*wanted)
		return 0;
	if (bad.code)
		return err_set(err, bad.code, "%s", bad.text);
	rc = environment_file(wanted, is_first, path, sizeof(path), err);
	if (rc < 0)
		return rc;
	if (signal_number)
		return begin_toggle((int)signal_number, path, hz, err);
	return begin_profile(path, hz, err);
}

/* FLYOVER_HEAPRATE alone keeps one for the endpoint; FLYOVER_HEAPPROFILE writes it at exit, too. */
static int begin_heap(bool is_first, struct err *err)
{
	const char *wanted = secure_getenv("FLYOVER_HEAPPROFILE");
	const char *has_rate = secure_getenv("FLYOVER_HEAPRATE");
	struct err bad = { 0 };
	unsigned rate = number("FLYOVER_HEAPRATE", HEAP_PROFILE_RATE_MAX, &bad);
	int rc;

	if ((!wanted || !*wanted) && (!has_rate || !*has_rate))
		return 0;
	if (bad.code)
		return err_set(err, bad.code, "%s", bad.text);
	if (wanted && *wanted) {
		rc = environment_file(wanted, is_first, heap_path, sizeof(heap_path), err);
		if (rc < 0)
			return rc;
	}
	rc = heap_output_start(rate, err);
	if (rc < 0)
		heap_path[0] = '\0';
	heap_pid = getpid();
	return rc;
}

static int begin_push(struct err *err)
{
	struct err bad = { 0 };
	struct push_options options = { .interval_s = number(
						"FLYOVER_PUSH_INTERVAL", PUSH_INTERVAL_MAX_S, &bad),
		.hz = number("FLYOVER_HZ", CPU_CAPTURE_HZ_MAX, &bad),
		.sender = { .url = secure_getenv("FLYOVER_PUSH"),
			.token = secure_getenv("FLYOVER_PUSH_TOKEN"),
			.tenant = secure_getenv("FLYOVER_PUSH_TENANT"),
			.spool = secure_getenv("FLYOVER_PUSH_SPOOL"),
			.spool_max = number("FLYOVER_PUSH_SPOOL_MAX", UINT_MAX, &bad) } };

	if (!options.sender.url || !*options.sender.url)
		return 0;
	if (bad.code)
		return err_set(err, bad.code, "%s", bad.text);
	return push_start(&options, err);
}

static int begin_wall(bool is_first, struct err *err)
{
	const char *wanted = secure_getenv("FLYOVER_WALLPROFILE");
	struct err bad = { 0 };
	unsigned hz = number("FLYOVER_HZ", WALL_CAPTURE_HZ_MAX, &bad);
	char path[PATH_MAX];
	struct wall_output_options options = { .path = path, .fd = -1, .hz = hz };
	int rc;

	if (!wanted || !*wanted)
		return 0;
	if (bad.code)
		return err_set(err, bad.code, "%s", bad.text);
	rc = environment_file(wanted, is_first, path, sizeof(path), err);
	return rc < 0 ? rc : wall_output_start(&options, err);
}

int environment_begin(struct err *err)
{
	const char *labels = secure_getenv("FLYOVER_LABELS");
	bool asked = secure_getenv("FLYOVER_HTTP") || secure_getenv("FLYOVER_CPUPROFILE") ||
		     secure_getenv("FLYOVER_PUSH") || secure_getenv("FLYOVER_HEAPPROFILE") ||
		     secure_getenv("FLYOVER_WALLPROFILE") || environment_locks_asked();
	bool is_first = asked && find_first();
	struct err why[BEGINNINGS];
	int rc[BEGINNINGS] = { 0 };

	if (labels) {
		rc[0] = label_keys_set_process(labels, &why[0]);
		process_context_publish(NULL);
	}
	rc[7] = begin_kernel(&why[7]); /* the others are to have it */
	rc[1] = begin_http(&why[1]);
	rc[2] = begin_cpu(is_first, &why[2]);
	rc[4] = begin_wall(is_first, &why[4]);
	rc[3] = environment_locks_begin(is_first, &why[3]);
	rc[6] = begin_heap(is_first, &why[6]);
	rc[5] = begin_push(&why[5]); /* last: it sends what the others have begun to keep */
	for (int i = 0; i < BEGINNINGS; i++)
		if (rc[i] < 0) /* those that it starts cannot have its port, and need not say so */
			return is_first || !asked ? err_set(err, rc[i], "%s", why[i].text) : 0;
	return 0;
}

static int close_endpoint(void *context, struct err *err)
{
	endpoint_close();
	return 0;
}

void environment_end(void)
{
	if (cpu_output_running())
		cpu_output_stop(NULL);
	if (heap_path[0] && heap_pid == getpid())
		heap_output_write(heap_path, NULL);
	if (push_running())
		push_stop(PUSH_FLUSH_MS, NULL);
	if (wall_output_running())
		wall_output_stop(NULL);
	environment_locks_end();
	if (endpoint_is_open())
		engine_call(close_endpoint, NULL, NULL);
}
