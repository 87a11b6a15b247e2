/* truth: one line about what a profile holds, and the sentences a reader must not miss. */
#include "render/truth.h"

#include <math.h>

#include "model/confidence.h"

#define DOT " \u00b7 "
#define MUCH_MISSING 0.01 /* of the samples, truncated or lost */
#define MOSTLY_IDLE 0.1   /* busy share below which a host capture shows little */

void truth_add_count(struct buf *out, uint64_t count)
{
	char digits[32];
	size_t at = sizeof(digits), n = 0;

	do {
		if (n && n % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + count % 10);
		count /= 10;
		n++;
	} while (count);
	buf_add(out, digits + at, sizeof(digits) - at);
}

/* Three digits at most, and "100 %" and "0 %" only where it is exactly so. */
void truth_add_share(struct buf *out, double share)
{
	double percent = share * 100;

	if (percent >= 100 || percent <= 0)
		buf_add_text(out, percent > 0 ? "100 %" : "0 %");
	else if (percent > 99.9)
		buf_add_text(out, ">99.9 %");
	else if (percent < 0.1)
		buf_add_text(out, "<0.1 %");
	else
		buf_add_format(out, percent < 10 || percent > 99 ? "%.1f %%" : "%.0f %%", percent);
}

static int sample_type(const struct profile *profile)
{
	static const char *const names[] = { "samples", "sample", "contentions" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int type = profile_find_type(profile, view_of(names[i]));

		if (type >= 0 &&
			view_equal(profile_text(profile, profile->types[type].unit), VIEW("count")))
			return type;
	}
	return -1;
}

uint64_t truth_samples(const struct profile *profile)
{
	const struct accounting *a = &profile->accounting;
	int type = sample_type(profile);

	/* After a filter the accounting is still the whole capture's: what is here counts. */
	if (type >= 0)
		return (uint64_t)profile_total(profile, (size_t)type);
	return a->known ? a->complete + accounting_truncated(a) : 0;
}

static double share_of(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : -1;
}

static bool warns(const struct truth *truth)
{
	return (truth->has_samples && truth->samples < TRUTH_FEW_SAMPLES) ||
	       truth->truncated > MUCH_MISSING || truth->lost > MUCH_MISSING ||
	       (truth->busy >= 0 && truth->busy < MOSTLY_IDLE);
}

struct truth truth_of(const struct profile *profile)
{
	const struct accounting *a = &profile->accounting;
	struct truth truth = {
		.samples = truth_samples(profile),
		.has_samples = a->known || sample_type(profile) >= 0,
		.complete = -1,
		.truncated = -1,
		.lost = -1,
		.busy = -1,
		.seconds = (double)profile->duration_ns / 1e9,
	};

	if (a->known) {
		truth.complete = share_of(a->complete, a->attempted);
		truth.truncated = share_of(accounting_truncated(a), a->attempted);
		truth.lost = share_of(accounting_lost(a), a->attempted);
		if (a->all_ticks >= a->idle_ticks)
			truth.busy = share_of(a->all_ticks - a->idle_ticks, a->all_ticks);
	}
	truth.needs_attention = warns(&truth);
	return truth;
}

/* "ring full": the short words of the comment, for people. */
static void add_reason(struct buf *out, const char *name)
{
	for (; *name; name++)
		buf_add_char(out, *name == '_' ? ' ' : *name);
}

/* " (ring full)", or " (depth 3, no table 2)" where there are several. */
static void add_reasons(
	struct buf *out, const uint64_t *counts, int n, const char *(*name_of)(int reason))
{
	int n_met = 0, written = 0;

	for (int i = 0; i < n; i++)
		n_met += counts[i] > 0;
	for (int i = 0; i < n; i++) {
		if (!counts[i])
			continue;
		buf_add_text(out, written++ ? ", " : " (");
		add_reason(out, name_of(i));
		if (n_met > 1) {
			buf_add_char(out, ' ');
			truth_add_count(out, counts[i]);
		}
	}
	if (n_met)
		buf_add_char(out, ')');
}

static const char *name_of_truncated(int reason)
{
	return truncated_name((enum truncated_reason)reason);
}

static const char *name_of_lost(int reason)
{
	return lost_name((enum lost_reason)reason);
}

static void add_truncated(struct buf *out, const struct accounting *a)
{
	truth_add_count(out, accounting_truncated(a));
	buf_add_text(out, " truncated");
	add_reasons(out, a->truncated, TRUNCATED_REASONS, name_of_truncated);
}

static void add_lost(struct buf *out, const struct accounting *a)
{
	truth_add_count(out, accounting_lost(a));
	buf_add_text(out, " lost");
	add_reasons(out, a->lost, LOST_REASONS, name_of_lost);
}

/* "1.5 s", "90 s", "15 min", "2.5 h", "3 d". */
static void add_length(struct buf *out, double seconds)
{
	if (seconds < 120)
		buf_add_format(out, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
	else if (seconds < 7200)
		buf_add_format(out, "%.3g min", seconds / 60);
	else if (seconds < 172800)
		buf_add_format(out, "%.3g h", seconds / 3600);
	else
		buf_add_format(out, "%.3g d", seconds / 86400);
}

void truth_line(const struct profile *profile, struct buf *out)
{
	const struct accounting *a = &profile->accounting;
	struct truth truth = truth_of(profile);

	if (truth.has_samples) {
		truth_add_count(out, truth.samples);
		buf_add_text(out, truth.samples == 1 ? " sample" : " samples");
	} else {
		truth_add_count(out, profile->n_samples);
		buf_add_text(out, profile->n_samples == 1 ? " stack" : " stacks");
	}
	if (truth.complete >= 0) {
		buf_add_text(out, DOT);
		truth_add_share(out, truth.complete);
		buf_add_text(out, " complete");
	}
	if (truth.truncated > 0) {
		buf_add_text(out, DOT);
		add_truncated(out, a);
	}
	if (truth.lost > 0) {
		buf_add_text(out, DOT);
		add_lost(out, a);
	}
	if (truth.seconds > 0) {
		buf_add_text(out, DOT);
		add_length(out, truth.seconds);
	}
	if (truth.busy >= 0) {
		buf_add_text(out, DOT "busy ");
		truth_add_share(out, truth.busy);
	}
}

static void warn_few(const struct truth *truth, struct buf *out)
{
	double n = (double)truth->samples;
	struct confidence half = confidence_wilson(n / 2, n);

	if (truth->samples == 0) {
		buf_add_text(
			out, "No samples: nothing that was watched used a CPU in this time.\n");
		return;
	}
	buf_add_text(out, "Only ");
	truth_add_count(out, truth->samples);
	buf_add_format(out,
		" sample%s: a share of 50 %% is really %.0f\u2013%.0f %%. Record for longer.\n",
		truth->samples == 1 ? "" : "s", half.low * 100, half.high * 100);
}

/* Idle ticks are no samples: what is drawn is what was left. */
static void warn_idle(const struct truth *truth, const struct accounting *a, struct buf *out)
{
	buf_add_text(out, a->whole_host ? "This host was " : "The host was ");
	truth_add_share(out, 1 - truth->busy);
	buf_add_text(out, " idle: what you see is the other ");
	truth_add_share(out, truth->busy);
	buf_add_text(out, ". Record while there is work.\n");
}

static void warn_missing(const struct truth *truth, const struct accounting *a, struct buf *out)
{
	if (truth->truncated > MUCH_MISSING) {
		truth_add_share(out, truth->truncated);
		buf_add_text(out, " of the samples have no complete stack: ");
		add_truncated(out, a);
		buf_add_text(out, ". They are drawn under \"[truncated: \u2026]\".\n");
	}
	if (truth->lost > MUCH_MISSING) {
		truth_add_share(out, truth->lost);
		buf_add_text(out, " of the samples were lost and are not drawn: ");
		add_lost(out, a);
		buf_add_text(out, ".\n");
	}
}

void truth_warnings(const struct profile *profile, struct buf *out)
{
	struct truth truth = truth_of(profile);

	bool all_lost = truth.samples == 0 && profile->accounting.attempted > 0;

	if (truth.has_samples && truth.samples < TRUTH_FEW_SAMPLES && !all_lost)
		warn_few(&truth, out);
	if (truth.busy >= 0 && truth.busy < MOSTLY_IDLE && truth.samples > 0)
		warn_idle(&truth, &profile->accounting, out);
	warn_missing(&truth, &profile->accounting, out);
}
