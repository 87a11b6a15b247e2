/*
 * truth: one line about what a profile holds, and the sentences a reader must not miss.
 *
 *     2,970 samples · 99.8 % complete · 3 lost (ring full) · 10 s · busy 71 %
 *
 * Everything that shows a profile shows this line and, where there is one, a warning:
 * the summary of `record`, the SVG, the terminal, the page. UTF-8.
 */
#ifndef RENDER_TRUTH_H
#define RENDER_TRUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/profile.h"

/* Fewer samples than this make any share doubtful. */
#define TRUTH_FEW_SAMPLES 100

struct truth {
	uint64_t samples;       /* that the profile holds; 0 if it does not say */
	bool has_samples;       /* it says */
	double complete;        /* share of the attempted samples, 0 to 1; < 0 = not known */
	double truncated, lost; /* likewise */
	double busy;            /* share of the CPUs' time during the capture; < 0 = not known */
	double seconds;         /* 0 = not known */
	bool needs_attention;   /* there is a warning */
};

struct truth truth_of(const struct profile *profile);

/* The number of samples behind the values: for confidence intervals. 0 = not known. */
uint64_t truth_samples(const struct profile *profile);

/* The line above, without a newline. */
void truth_line(const struct profile *profile, struct buf *out);

/* Whole sentences, one a line: idle, few samples, much truncated or lost, and what to do. Nothing
 * if all is well. */
void truth_warnings(const struct profile *profile, struct buf *out);

/* "2,970", "99.8 %": as the line writes them. */
void truth_add_count(struct buf *out, uint64_t count);
void truth_add_share(struct buf *out, double share);

#endif
