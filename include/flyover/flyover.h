/*
 * flyover: profiles of a program, taken from inside it.
 *
 *     #include <flyover/flyover.h>                     cc app.c -lflyover
 *
 *     fly_http_listen("localhost:6060", NULL, NULL);
 *     $ go tool pprof http://localhost:6060/debug/pprof/profile
 *
 * or, without touching the program:  LD_PRELOAD=libflyover.so FLYOVER_HTTP=localhost:6060 program
 *
 * Unless it says otherwise, a function may be called from any thread, at any time after the first
 * library constructors, but not from a signal handler. Functions that can fail return 0 or a
 * negative enum fly_code, and write a sentence for a person to *error unless that is NULL.
 *
 * What the library adds to a program: nothing until it is asked for something; then one thread
 * ("flyover") that sleeps, blocks all signals and is never sampled. While a CPU profile is taken,
 * each thread gets a SIGPROF for every 10 ms of CPU time it uses. It does not interrupt system
 * calls that wait: since Linux 5.9 the kernel sends the signals of CPU timers on the way back to
 * the program. Before that, calls that SA_RESTART does not restart (poll, select, epoll_wait,
 * nanosleep, sem_timedwait …; see signal(7)) may now and then return EINTR.
 *
 * fork: the child is not profiled and serves nothing until it asks for it itself. exec: nothing
 * stays. A program that handles SIGPROF itself keeps it: fly_cpu_start then asks for another
 * signal.
 */
#ifndef FLYOVER_FLYOVER_H
#define FLYOVER_FLYOVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FLY_VERSION "0.1.0"
#define FLY_API __attribute__((visibility("default")))

/* The version of the library that runs, as FLY_VERSION. */
FLY_API const char *fly_version(void);

enum fly_code {
	FLY_OK = 0,
	FLY_NO_MEMORY = -1,
	FLY_IO = -2,          /* the operating system failed us */
	FLY_CORRUPT = -3,     /* a text that is not what it should be */
	FLY_LIMIT = -4,       /* too many, too large, or one is running already */
	FLY_NOT_FOUND = -5,   /* no such file */
	FLY_DENIED = -6,      /* not permitted, or somebody else has it: a port, a signal */
	FLY_USAGE = -7,       /* a call that makes no sense here */
	FLY_UNSUPPORTED = -8, /* this kernel or build cannot do it */
	FLY_CANCELLED = -9
};

struct fly_error {
	int code;       /* enum fly_code */
	char text[512]; /* a sentence that names the thing, the limit and what to do */
};

/* ---- CPU profiles ------------------------------------------------------------------------------
 *
 * Cost: a signal, about 3 microseconds of work and 16 bytes a frame for each period of CPU time
 * that a thread uses; at 100 Hz well under 0.5 % of it. Starting takes as long as reading the
 * unwind tables of all loaded libraries (2 to 50 ms each, once), stopping as long as reading the
 * symbols of those that occur. A thread needs about 4 KiB of free stack below it, or an alternate
 * stack.
 */
struct fly_cpu_options {
	size_t size;      /* sizeof(struct fly_cpu_options): lets the struct grow */
	const char *path; /* where the profile goes, replaced whole at the end; or NULL: … */
	int fd;           /* … to this descriptor, which stays open and stays yours */
	unsigned hz; /* samples a second of CPU time, 1 to 1000; 0 = 100. At most as many as the
			kernel's ticks (CONFIG_HZ, often 250): the profile says */
	int signal_number; /* 0 = SIGPROF */
	int kernel;        /* 1 = with what the kernel did for a thread: see below */
};

/* With `kernel`, samples of a thread that is in the kernel have the kernel's frames below the
 * program's own, named by /proc/kallsyms. It takes kernel.perf_event_paranoid=1 or less, or
 * CAP_PERFMON, a program that does not handle SIGURG and has no seccomp filter; otherwise there are
 * none, and the profile says why. A thread gets a perf event (and 12 KiB of pinned memory) with its
 * first sample, of which alone it is not known where in the kernel it was; at most 256 threads at a
 * time have one, all others are sampled as without. Samples then come as SIGURG. That interrupts
 * what the thread is just doing in the kernel: poll, select, epoll_wait, nanosleep and others that
 * SA_RESTART does not restart may return EINTR, and long reads, writes and getrandom less than was
 * asked for. To change to another thread takes the kernel some microseconds longer. */

/* Begins a profile of all threads, those still to come too. FLY_LIMIT if one is being taken (also
 * through the endpoint), FLY_DENIED if the program handles the signal itself. */
FLY_API int fly_cpu_start(const struct fly_cpu_options *options, struct fly_error *error);

/* Ends it and writes it, as zipped pprof. FLY_USAGE if fly_cpu_start did not begin one. */
FLY_API int fly_cpu_stop(struct fly_error *error);

/* ---- Heap profiles -----------------------------------------------------------------------------
 *
 * What is allocated, by whom, and what of it is still live: every byte has the same chance to be
 * sampled, and what a sample stands for is added up, so that the estimates of bytes and of objects
 * are unbiased. The library must be in front of the allocator: linked into the program, or
 * preloaded. C++'s operators are seen as well; what is allocated with mmap is not.
 *
 * A thread that ran already when fly_heap_start was called, but for the calling one, takes part
 * after at most 16 KiB of allocations.
 *
 * Cost: while none is kept, one test for each malloc and free. While one is kept, some nanoseconds
 * for each, a few microseconds for each sample, and about 100 bytes for each sampled object that is
 * live; the samples of one stack share the rest.
 */
struct fly_heap_options {
	size_t size;   /* sizeof(struct fly_heap_options): lets the struct grow */
	uint64_t rate; /* bytes from sample to sample in the mean, 1 to 1 GiB; 0 = 512 KiB */
};

/* Begins to keep one; options may be NULL. FLY_LIMIT if one is kept already, FLY_UNSUPPORTED where
 * a sanitizer or the program itself has malloc. */
FLY_API int fly_heap_start(const struct fly_heap_options *options, struct fly_error *error);

/* Writes it as it is now, as zipped pprof, into a file that is replaced whole ("%p": the pid). */
FLY_API int fly_heap_write(const char *path, struct fly_error *error);

/* Forgets it. FLY_USAGE if none is kept. */
FLY_API int fly_heap_stop(struct fly_error *error);

/* ---- Locks and waiting -------------------------------------------------------------------------
 *
 * Two profiles, as Go's block and mutex: where threads wait (for mutexes, read-write locks, spin
 * locks, conditions, semaphores, barriers and joins), and which holders of locks make others wait;
 * of the latter the stack is that of the unlock. Values are contentions and the delay in
 * nanoseconds. Both grow from fly_lock_start on.
 *
 * A wait of d ns is recorded with probability min(1, d / rate), and counts are corrected for it.
 * Cost: a lock that is free is tried first and takes under 5 ns more; a wait takes two readings of
 * the clock, and 1 to 3 microseconds if it is recorded. Off: one test.
 */
struct fly_lock_options {
	size_t size;      /* sizeof(struct fly_lock_options) */
	uint64_t rate_ns; /* 1 records every wait; 0 = 100000, which is 0.1 ms */
};

/* Begins to record, with empty profiles. FLY_LIMIT if it is on already. options may be NULL. */
FLY_API int fly_lock_start(const struct fly_lock_options *options, struct fly_error *error);

/* Ends it; what was recorded can still be written. FLY_USAGE if it is not on. */
FLY_API int fly_lock_stop(struct fly_error *error);

enum fly_lock_view { FLY_LOCK_BLOCK = 0, FLY_LOCK_MUTEX = 1 };

/* Writes one of the two, as zipped pprof, to a file (replaced whole), or with path NULL to a
 * descriptor. FLY_USAGE if nothing was ever recorded. */
FLY_API int fly_lock_write(
	enum fly_lock_view view, const char *path, int fd, struct fly_error *error);

/* ---- Wall-clock profiles, and threads -----------------------------------------------------------
 *
 * Where the time of every thread goes, whether it runs or waits: samples, wall and cpu, with the
 * labels state (running or waiting) and thread (its name). A thread's wall time sums up to its
 * life, and its cpu to what its clock says.
 *
 * A thread that waits is looked at without its knowing, through /proc/self/mem. Only where its code
 * keeps frame pointers it is asked by SIGPROF, once for each place where it waits; calls as above
 * may then return EINTR once. A thread that runs gets a SIGPROF each time. Cost: about 1
 * microsecond a sample of a thread that did not run since, tens of them otherwise; at most 16 of
 * the latter every 10 ms, round and round.
 */
struct fly_wall_options {
	size_t size;      /* sizeof(struct fly_wall_options) */
	const char *path; /* where the profile goes, or NULL: … */
	int fd;           /* … to this descriptor */
	unsigned hz;      /* visits of each thread a second, 1 to 1000; 0 = 100 */
};

FLY_API int fly_wall_start(const struct fly_wall_options *options, struct fly_error *error);
FLY_API int fly_wall_stop(struct fly_error *error);

/* Writes one stack of every thread, now, as zipped pprof, to a file, or with path NULL to a
 * descriptor. Takes at most 0.2 s longer than naming them. */
FLY_API int fly_threads_write(const char *path, int fd, struct fly_error *error);

/* ---- Labels ------------------------------------------------------------------------------------
 *
 * A label is a key and a value that every sample of the calling thread carries while it is set.
 * Keys are registered once and are few (256 at most); values are copied, up to 255 bytes, and all
 * labels of a thread together have 612 bytes: what does not fit is left out.
 *
 * Cost: setting and taking back a short label together, about 10 ns. 640 bytes for each thread that
 * has ever had one. Profilers outside can read them too (OpenTelemetry's thread context).
 */

/* The number of a key, the same for the same name; negative with *error if there are too many. Not
 * for every request: keep it. Names: 1 to 128 bytes, not trace_id or span_id. */
FLY_API int fly_label_key(const char *name, struct fly_error *error);

/* Sets a label of this thread, or its value anew. Returns what fly_label_restore wants. A negative
 * key is ignored, so that a failed registration costs the label and nothing else. */
FLY_API unsigned fly_label_set(int key, const char *value, size_t length);

/* Takes back all labels that this thread set since. */
FLY_API void fly_label_restore(unsigned mark);

/* Labels of the process, in all samples of profiles that begin after it: "key=value,key=value".
 * Replaces those before. service_name is the one that servers group by. */
FLY_API int fly_process_labels(const char *list, struct fly_error *error);

/* ---- Traces ------------------------------------------------------------------------------------
 *
 * The trace and span a thread works for, as W3C Trace Context defines them. Samples carry them as
 * the labels trace_id and span_id. Cost of setting one: about 3 ns.
 */
struct fly_trace {
	uint8_t trace_id[16], span_id[8];
	uint8_t flags;
};

#define FLY_TRACEPARENT_SIZE 56 /* with its NUL */

FLY_API void fly_trace_set(const struct fly_trace *trace); /* NULL clears it */
FLY_API void fly_trace_get(struct fly_trace *ret_trace);   /* zeros if none is set */

/* "00-<32 hex>-<16 hex>-<2 hex>" as it came in a header, and back. FLY_CORRUPT if it is none;
 * later versions of the header are read as the specification says. */
FLY_API int fly_trace_parse(
	const char *traceparent, struct fly_trace *ret_trace, struct fly_error *error);
FLY_API void fly_trace_format(
	const struct fly_trace *trace, char ret_traceparent[FLY_TRACEPARENT_SIZE]);

/* ---- The endpoint ------------------------------------------------------------------------------
 *
 * HTTP/1.1 with Go's paths and parameters: /debug/pprof/, profile?seconds=30&hz=100 (&kernel=1: see
 * fly_cpu_options), wall, heap and allocs while fly_heap_start keeps them, block, mutex (all with
 * seconds=N what changed meanwhile), threads (these also with debug=1 as text), symbol and, if
 * allowed, cmdline. One profile of a kind at a time, of at most 300 s; others get 429 meanwhile. A
 * client that leaves ends its profile. Cost while nobody asks: none.
 */
struct fly_http_options {
	size_t size;       /* sizeof(struct fly_http_options) */
	const char *token; /* asked for as "Authorization: Bearer TOKEN" or as a password; may be
			      NULL */
	int show_cmdline;  /* serve /debug/pprof/cmdline: it may tell secrets */
};

/* Listens on "HOST:PORT" (an address, or localhost; port 0 lets the kernel choose) or
 * "unix:/path/of/a/socket" (made with mode 0600). An address that others can reach needs a token:
 * FLY_DENIED. A port that is taken is FLY_DENIED, too; the program goes on. options may be NULL. */
FLY_API int fly_http_listen(
	const char *where, const struct fly_http_options *options, struct fly_error *error);

/* The port of the endpoint; 0 if it has none. */
FLY_API int fly_http_port(void);

/* Ends the endpoint and what it serves at the moment. Without one it does nothing. */
FLY_API void fly_http_close(void);

/* ---- Push --------------------------------------------------------------------------------------
 *
 * Uploads profiles all the time, in windows without a gap between them, to a Flyover or Pyroscope
 * server (POST /ingest) or to whatever takes pprof as the body of a POST. A second thread
 * ("flyover-push") sends; neither it nor a server that is slow or away makes the program wait. What
 * cannot be sent waits in memory, or in a spool on disk; attempts are repeated with the same
 * Idempotency-Key after 1 to 60 s, or when the server says. What is full drops its oldest. Counts
 * of all that are in the comments of the next profile, and in fly_push_count.
 *
 * Cost: that of a CPU profile, and a few milliseconds of CPU time for each window.
 */
struct fly_push_options {
	size_t size;     /* sizeof(struct fly_push_options) */
	const char *url; /* http://[USER:PASSWORD@]HOST[:PORT][/PATH] or unix:/PATH/OF/A/SOCKET. To
			    a path that is empty or ends in "/", "ingest" is added. No https */
	const char *token;   /* sent as "Authorization: Bearer TOKEN"; or NULL */
	const char *tenant;  /* sent as X-Scope-OrgID; or NULL */
	const char *service; /* NULL = the process's label service_name, else the program's name */
	unsigned interval_s; /* of a window, 1 to 3600; 0 = 15 */
	unsigned hz;         /* as in fly_cpu_options */
	const char *spool;   /* a folder, made if needed, that processes may share; NULL = none */
	uint64_t spool_max;  /* its limit in bytes; 0 = 64 MiB */
	uint64_t memory_max; /* bytes that may wait in memory; 0 = 8 MiB */
	int kernel;          /* as in fly_cpu_options */
};

struct fly_push_counts {
	uint64_t sent, sent_bytes;
	uint64_t failed;       /* attempts */
	uint64_t refused;      /* profiles that the server would not have, ever */
	uint64_t dropped;      /* profiles that found no room */
	uint64_t spooled;      /* profiles that went to disk */
	uint64_t spool_failed; /* profiles that could not: they wait in memory */
	uint64_t waiting;      /* profiles in memory, now */
};

/* Begins. FLY_LIMIT if it is running already, FLY_UNSUPPORTED for https, FLY_DENIED for a spool
 * that cannot be written. A server that is away is no error. */
FLY_API int fly_push_start(const struct fly_push_options *options, struct fly_error *error);

/* Ends it. Uploads the window that is under way and what waits, for at most flush_ms (60000 at
 * most); the rest stays in the spool, or is dropped. FLY_USAGE if it is not running. */
FLY_API int fly_push_stop(unsigned flush_ms, struct fly_error *error);

/* `size` is sizeof(struct fly_push_counts). */
FLY_API void fly_push_count(struct fly_push_counts *ret_counts, size_t size);

#ifdef __cplusplus
} /* extern "C" */

#include <string_view>

namespace flyover
{

/* A label for as long as the scope lasts. */
class label_scope
{
      public:
	label_scope(int key, std::string_view value) noexcept
	    : mark_(fly_label_set(key, value.data(), value.size()))
	{
	}
	~label_scope()
	{
		fly_label_restore(mark_);
	}
	label_scope(const label_scope &) = delete;
	label_scope &operator=(const label_scope &) = delete;

      private:
	unsigned mark_;
};

/* A trace for as long as the scope lasts; then the one before again. */
class trace_scope
{
      public:
	explicit trace_scope(const fly_trace &trace) noexcept : before_()
	{
		fly_trace_get(&before_);
		fly_trace_set(&trace);
	}
	~trace_scope()
	{
		fly_trace_set(&before_);
	}
	trace_scope(const trace_scope &) = delete;
	trace_scope &operator=(const trace_scope &) = delete;

      private:
	fly_trace before_;
};

} // namespace flyover
#endif

#endif
