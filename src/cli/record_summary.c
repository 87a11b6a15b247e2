/* record_summary: what a recording found, for a person or for a script. */
#include "cli/record_summary.h"

#include <stdlib.h>

#include "model/confidence.h"
#include "model/frames.h"
#include "render/truth.h"

#define PATH_FRAMES_MAX 12 /* of the hottest stack; the middle of a longer one is left out */
#define DEPTH_MAX 4096

/* The name id of a stack's leaf, or UINT32_MAX for the empty stack. */
static uint32_t leaf_of(const struct profile *p, const struct frames *f, uint32_t stack)
{
	if (stack == STACK_EMPTY)
		return UINT32_MAX;
	return f->all[f->first[p->stacks.nodes[stack].location]].name;
}

static uint64_t count_of(const struct profile *p, size_t sample)
{
	int64_t count = p->values[sample * p->n_types];

	return count > 0 ? (uint64_t)count : 0;
}

/* Adds up the samples of each leaf name; the id of the heaviest, or UINT32_MAX. */
static uint32_t heaviest_leaf(
	const struct profile *p, const struct frames *f, struct record_hottest *ret)
{
	uint64_t *self = calloc(f->names.count + 1, sizeof(*self));
	uint32_t best = UINT32_MAX;

	if (!self)
		return UINT32_MAX;
	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t leaf = leaf_of(p, f, p->samples[i].stack);

		ret->of += count_of(p, i);
		if (leaf == UINT32_MAX)
			continue;
		self[leaf] += count_of(p, i);
		if (best == UINT32_MAX || self[leaf] > self[best])
			best = leaf;
	}
	if (best != UINT32_MAX)
		ret->samples = self[best];
	free(self);
	return best;
}

static uint32_t heaviest_stack(const struct profile *p, const struct frames *f, uint32_t leaf)
{
	uint64_t *of = calloc(p->stacks.count + 1, sizeof(*of));
	uint32_t best = STACK_EMPTY;

	for (size_t i = 0; of && i < p->n_samples; i++) {
		uint32_t stack = p->samples[i].stack;

		if (leaf_of(p, f, stack) != leaf)
			continue;
		of[stack] += count_of(p, i);
		if (best == STACK_EMPTY || of[stack] > of[best])
			best = stack;
	}
	free(of);
	return best;
}

/* Root first, "a → b → c"; a long one loses its middle. */
static void write_path(
	const struct profile *p, const struct frames *f, uint32_t stack, struct buf *out)
{
	uint32_t names[DEPTH_MAX];
	size_t n = 0;

	for (; stack != STACK_EMPTY && n < DEPTH_MAX; stack = p->stacks.nodes[stack].parent) {
		uint32_t location = p->stacks.nodes[stack].location;

		for (uint32_t i = f->first[location]; i < f->first[location + 1] && n < DEPTH_MAX;
			i++)
			names[n++] = f->all[i].name;
	}
	for (size_t i = n; i--;) {
		bool skipped = n > PATH_FRAMES_MAX && i >= PATH_FRAMES_MAX / 2 &&
			       i < n - PATH_FRAMES_MAX / 2;

		if (skipped && i != n - PATH_FRAMES_MAX / 2 - 1)
			continue;
		if (i + 1 < n)
			buf_add_text(out, " → ");
		if (skipped)
			buf_add_text(out, "…");
		else
			buf_add_view(out, strings_at(&f->names, names[i]));
	}
}

bool record_summary_hottest(const struct profile *p, struct record_hottest *ret)
{
	struct frames frames;
	uint32_t leaf, stack;
	bool found = false;

	*ret = (struct record_hottest){ 0 };
	if (p->n_types == 0 || frames_init(&frames, p, FRAMES_FUNCTIONS, NULL) < 0)
		return false;
	leaf = heaviest_leaf(p, &frames, ret);
	stack = leaf == UINT32_MAX ? STACK_EMPTY : heaviest_stack(p, &frames, leaf);
	if (stack != STACK_EMPTY) {
		const struct frame *frame =
			&frames.all[frames.first[p->stacks.nodes[stack].location]];

		buf_add_view(&ret->text, strings_at(&frames.names, leaf));
		ret->name_len = ret->text.len;
		buf_add_view(&ret->text, strings_at(&frames.names, frame->module));
		write_path(p, &frames, stack, &ret->path);
		found = !ret->path.failed && !ret->text.failed;
	}
	frames_fini(&frames);
	if (!found)
		record_summary_hottest_fini(ret);
	return found;
}

void record_summary_hottest_fini(struct record_hottest *hottest)
{
	buf_fini(&hottest->text);
	buf_fini(&hottest->path);
}

/* Names come from strangers' programs: control characters must not reach a terminal. */
static void add_clean(struct buf *out, struct view text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		/* C1 controls in UTF-8 are C2 80 to C2 9F. */
		if (c < 0x20 || c == 0x7f ||
			(c == 0xc2 && i + 1 < text.len && (unsigned char)text.at[i + 1] < 0xa0))
			buf_add_char(out, '?');
		else
			buf_add_char(out, text.at[i]);
	}
}

/* What names could not be found, and why. */
static void add_nameless(const struct symbol_stats *s, struct buf *out)
{
	if (s->kernel_hidden)
		buf_add_text(out, "Kernel functions have no names: the kernel hides its addresses "
				  "from this user (kernel.kptr_restrict).\n");
	if (s->perfmaps_refused)
		buf_add_format(out,
			"The names of generated code in %zu process%s were not believed: the file "
			"is "
			"not its user's, or too large.\n",
			s->perfmaps_refused, s->perfmaps_refused == 1 ? "" : "es");
	if (s->dwarf_failed)
		buf_add_format(out,
			"The debug information of %zu file%s could not be read to its end: their "
			"functions have names, but not all have lines.\n",
			s->dwarf_failed, s->dwarf_failed == 1 ? "" : "s");
}

void record_summary_text(const struct record_summary *s, struct buf *out)
{
	struct record_hottest hot;

	truth_line(s->profile, out);
	buf_add_char(out, '\n');
	if (record_summary_hottest(s->profile, &hot)) {
		double share = (double)hot.samples / (double)hot.of;

		buf_add_text(out, "hottest: ");
		add_clean(out, (struct view){ hot.text.at, hot.name_len });
		buf_add_format(out, "  %.1f %% ± %.1f\n  ", share * 100,
			confidence_margin((double)hot.samples, (double)hot.of) * 100);
		add_clean(out, buf_view(&hot.path));
		buf_add_char(out, '\n');
		record_summary_hottest_fini(&hot);
	}
	truth_warnings(s->profile, out);
	add_nameless(&s->symbols, out);
	buf_add_format(out, "flyover's own CPU %.2f s", (double)s->own_cpu_ns / 1e9);
	for (size_t i = 0; i < s->n_files; i++) {
		buf_add_text(out, i ? ", " : "; wrote ");
		add_clean(out, view_of(s->files[i]));
	}
	buf_add_char(out, '\n');
}

static void add_json_text(struct buf *out, struct view text)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '"' || c == '\\')
			buf_add_format(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_add_format(out, "\\u%04x", c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add_char(out, '"');
}

static void add_json_counts(const struct accounting *a, struct buf *out)
{
	buf_add_format(out, "\"attempted\":%llu,\"complete\":%llu,\"truncated\":{",
		(unsigned long long)a->attempted, (unsigned long long)a->complete);
	for (int i = 0; i < TRUNCATED_REASONS; i++)
		buf_add_format(out, "%s\"%s\":%llu", i ? "," : "", truncated_name(i),
			(unsigned long long)a->truncated[i]);
	buf_add_text(out, "},\"lost\":{");
	for (int i = 0; i < LOST_REASONS; i++)
		buf_add_format(out, "%s\"%s\":%llu", i ? "," : "", lost_name(i),
			(unsigned long long)a->lost[i]);
	buf_add_format(out, "},\"hz\":%llu,\"cpus\":%llu,\"all_ticks\":%llu,\"idle_ticks\":%llu,",
		(unsigned long long)a->hz, (unsigned long long)a->cpus,
		(unsigned long long)a->all_ticks, (unsigned long long)a->idle_ticks);
}

static void add_json_hottest(const struct profile *profile, struct buf *out)
{
	struct record_hottest hot;

	if (!record_summary_hottest(profile, &hot)) {
		buf_add_text(out, "null");
		return;
	}
	buf_add_text(out, "{\"function\":");
	add_json_text(out, (struct view){ hot.text.at, hot.name_len });
	buf_add_text(out, ",\"module\":");
	add_json_text(out, view_between(hot.text.at + hot.name_len, hot.text.at + hot.text.len));
	buf_add_format(out, ",\"samples\":%llu,\"share\":%.6f,\"margin\":%.6f,\"path\":",
		(unsigned long long)hot.samples, (double)hot.samples / (double)hot.of,
		confidence_margin((double)hot.samples, (double)hot.of));
	add_json_text(out, buf_view(&hot.path));
	buf_add_char(out, '}');
	record_summary_hottest_fini(&hot);
}

static void add_json_sampler(const struct sampler_stats *stats, struct buf *out)
{
	buf_add_format(out,
		",\"sampler\":{\"backend\":\"%s\",\"modules\":%zu,\"rows\":%zu,\"rules\":%zu,"
		"\"kernel_bytes\":%zu,\"table_bytes\":%zu,\"tables_built\":%zu,"
		"\"tables_evicted\":%zu,\"finished_in_user_space\":%zu,\"verified_insns\":%u}",
		stats->backend == SAMPLER_BPF ? "bpf" : "perf", stats->modules, stats->rows,
		stats->rules, stats->kernel_bytes, stats->table_bytes, stats->tables_built,
		stats->tables_evicted, stats->finished_in_user_space, stats->verified_insns);
}

static void add_json_symbols(const struct symbol_stats *s, struct buf *out)
{
	buf_add_format(out,
		",\"symbols\":{\"locations\":%zu,\"named\":%zu,\"lined\":%zu,\"objects\":%zu,"
		"\"objects_cached\":%zu,\"objects_failed\":%zu,\"dwarf_failed\":%zu,"
		"\"perfmaps_refused\":%zu,\"kernel_hidden\":%s}",
		s->locations, s->named, s->lined, s->objects, s->objects_cached, s->objects_failed,
		s->dwarf_failed, s->perfmaps_refused, s->kernel_hidden ? "true" : "false");
}

void record_summary_json(const struct record_summary *s, struct buf *out)
{
	BUF_AUTO warnings = { 0 };

	truth_warnings(s->profile, &warnings);
	add_nameless(&s->symbols, &warnings);
	buf_add_char(out, '{');
	add_json_counts(&s->profile->accounting, out);
	buf_add_format(out, "\"seconds\":%.3f,\"own_cpu_seconds\":%.3f,\"hottest\":",
		(double)s->profile->duration_ns / 1e9, (double)s->own_cpu_ns / 1e9);
	add_json_hottest(s->profile, out);
	add_json_sampler(&s->sampler, out);
	add_json_symbols(&s->symbols, out);
	buf_add_text(out, ",\"warnings\":");
	add_json_text(out, view_trim(buf_view(&warnings)));
	buf_add_text(out, ",\"files\":[");
	for (size_t i = 0; i < s->n_files; i++) {
		if (i)
			buf_add_char(out, ',');
		add_json_text(out, view_of(s->files[i]));
	}
	buf_add_text(out, "]}\n");
}
