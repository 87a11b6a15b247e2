/*
 * preflight: what this machine lets us do, and what to change where it doesn't.
 *
 * Every check only looks; none changes anything or loads a program.
 */
#ifndef SAMPLER_PREFLIGHT_H
#define SAMPLER_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PREFLIGHT_FINDINGS_MAX 16
#define PREFLIGHT_TEXT_MAX 256

struct preflight_finding {
	const char *name; /* short, stable: "btf" */
	bool ok;
	bool for_bpf, for_perf;           /* which way of sampling needs it */
	char meaning[PREFLIGHT_TEXT_MAX]; /* what was found and what follows from it */
	char advice[PREFLIGHT_TEXT_MAX];  /* the one thing to change; "" when ok */
};

/* Fills findings; returns how many. */
size_t preflight_run(struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX]);

/* 0, or the first thing that keeps BPF from working, in a sentence (ERR_DENIED, ERR_UNSUPPORTED).
 */
int preflight_bpf(struct err *err);

/*
 * Which kernel.org release a kernel is. Debian's release says 6.1.0-30-amd64 whatever it is; its
 * version says "… Debian 6.1.123-1 (…)". Ubuntu's signature (/proc/version_signature, may be "")
 * ends in it. `into` has PREFLIGHT_RELEASE_MAX bytes.
 */
#define PREFLIGHT_RELEASE_MAX 65
void preflight_upstream(
	const char *release, const char *version, const char *signature, char *into);

/* Kernels 5.19 to 6.3 can freeze when a program reads user memory (fixed in 6.1.36, 6.3.10 and
 * 6.4). `release` is kernel.org's. */
bool preflight_kernel_freezes(const char *release);

/* False below 5.17, which has no bpf_loop. */
bool preflight_kernel_new_enough(const char *release);

#endif
