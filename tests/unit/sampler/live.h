/* live: a sampler on a real child, for tests that need the kernel's leave. */
#ifndef LIVE_H
#define LIVE_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sampler/sampler.h"

/* A sampler, or the whole test ends as skipped with the kernel's reason. */
static inline struct sampler *live_sampler(enum sampler_backend backend, pid_t pid, unsigned hz)
{
	struct sampler_options options = { .backend = backend,
		.hz = hz,
		.pids = &pid,
		.n_pids = pid > 0,
		.whole_host = pid <= 0 };
	struct sampler *sampler;
	struct err err = { 0 };
	int rc = sampler_new(&options, &sampler, &err);

	if (rc == ERR_DENIED || rc == ERR_UNSUPPORTED) {
		fprintf(stderr, "skipped: %s\n", err.text);
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		return NULL;
	}
	if (rc < 0)
		fail_msg("%s", err.text);
	return sampler;
}

/* CPU time, so that a busy machine makes the test longer and not emptier. */
static inline void live_burn(double seconds)
{
	volatile unsigned long sink = 0;
	struct timespec now;

	do {
		for (int i = 0; i < 10000; i++)
			sink = sink + (unsigned long)i;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while ((double)now.tv_sec + (double)now.tv_nsec / 1e9 < seconds);
}

/* A child that waits until it is let go by a byte into *ret_go, runs `work`, and exits. */
static inline pid_t live_child(void (*work)(void), int *ret_go)
{
	int fds[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(fds[1]);
		if (read(fds[0], &byte, 1) == 1)
			work();
		_exit(0);
	}
	close(fds[0]);
	*ret_go = fds[1];
	return pid;
}

/* Samples until all targets have ended. */
static inline void live_run(struct sampler *sampler, int go)
{
	assert_int_equal(sampler_start(sampler, NULL), 0);
	assert_int_equal(write(go, "g", 1), 1);
	close(go);
	while (!sampler_targets_gone(sampler)) {
		struct err err = { 0 };
		int rc = sampler_poll(sampler, 50, -1, &err);

		if (rc < 0 && rc != ERR_CANCELLED)
			fail_msg("%s", err.text);
		waitpid(-1, NULL, WNOHANG);
	}
}

#endif
