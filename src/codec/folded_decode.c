/*
 * folded_decode: "main;work;malloc 17", read line by line.
 *
 * The whole text decides two things before the first sample: whether every line has two counts
 * (then it is a comparison, else a number before the count belongs to the name) and how many
 * decimals the counts have.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/folded_format.h"
#include "model/profile.h"

#define DIGITS_MAX 19 /* 10^18 < 2^63 < 10^19 */

/* A line, cut up from its end. Counts are digits with at most one dot. */
struct folded_line {
	struct view stack;       /* with the first of two counts, if the text has only one column */
	struct view counts[2];   /* the line's last count is counts[1] */
	struct view first_stack; /* without the first of two counts */
};

struct reader {
	struct profile *into;
	struct err *err;
	size_t line_no;
	bool two_columns;
	unsigned decimals; /* to keep: 0, 3, 6 or 9 */
	struct view last;  /* the stack of the line before */
	size_t *ends;      /* owned; its frames' ends in bytes … */
	uint32_t *nodes;   /* owned; … and what it is up to there */
	size_t n_frames, cap_ends, cap_nodes;
	uint32_t *of_string; /* owned; a string -> its location plus one, 0 = none yet */
	size_t cap_of_string, n_of_string;
};

/* Cuts " 12.5" off the end; false if there is none. */
static bool cut_count(struct view line, struct view *ret_rest, struct view *ret_count)
{
	size_t at = line.len, dots = 0;

	while (at && ((line.at[at - 1] >= '0' && line.at[at - 1] <= '9') || line.at[at - 1] == '.'))
		dots += line.at[--at] == '.';
	if (at == line.len || at == 0 || dots > 1 || line.at[at] == '.')
		return false;
	if (line.at[at - 1] != ' ' && line.at[at - 1] != '\t')
		return false;
	*ret_rest = (struct view){ line.at, at - 1 };
	*ret_count = (struct view){ line.at + at, line.len - at };
	return true;
}

static bool cut_line(struct view line, struct folded_line *ret)
{
	if (!cut_count(line, &ret->stack, &ret->counts[1]))
		return false;
	if (!cut_count(ret->stack, &ret->first_stack, &ret->counts[0]))
		ret->counts[0] = (struct view){ 0 };
	return true;
}

/* The next line without its end; false after the last. */
static bool next_line(struct view *text, struct view *ret)
{
	const char *end;

	if (text->len == 0)
		return false;
	end = memchr(text->at, '\n', text->len);
	*ret = view_between(text->at, end ? end : view_end(*text));
	*text = view_between(end ? end + 1 : view_end(*text), view_end(*text));
	if (ret->len && ret->at[ret->len - 1] == '\r')
		ret->len--;
	return true;
}

/* Digits behind the dot, without trailing zeros. */
static unsigned decimals_of(struct view count)
{
	const char *dot = memchr(count.at, '.', count.len);
	const char *end = view_end(count);

	if (!dot)
		return 0;
	while (end[-1] == '0')
		end--;
	return (unsigned)(end - dot - 1);
}

static unsigned max_of(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static int survey(struct reader *r, struct view text)
{
	unsigned first_decimals = 0;
	struct folded_line cut;
	struct view line;
	bool any = false;

	r->two_columns = true;
	for (r->line_no = 1; next_line(&text, &line); r->line_no++) {
		if (line.len == 0)
			continue;
		if (!cut_line(line, &cut))
			return err_set(r->err, ERR_CORRUPT,
				"line %zu: no count at the end of the line", r->line_no);
		any = true;
		r->two_columns &= cut.counts[0].len > 0;
		r->decimals = max_of(r->decimals, decimals_of(cut.counts[1]));
		if (r->two_columns)
			first_decimals = max_of(first_decimals, decimals_of(cut.counts[0]));
	}
	r->two_columns &= any;
	if (r->two_columns)
		r->decimals = max_of(r->decimals, first_decimals);
	r->decimals = (r->decimals + 2) / 3 * 3;
	if (r->decimals > FOLDED_DECIMALS_MAX)
		r->decimals = FOLDED_DECIMALS_MAX;
	return 0;
}

static int add_types(struct reader *r)
{
	struct view unit = folded_format_unit(r->decimals);
	int rc;

	if (!r->two_columns)
		return profile_add_type(r->into, VIEW("samples"), unit, r->err);
	rc = profile_add_type(r->into, FOLDED_BASE, unit, r->err);
	return rc < 0 ? rc : profile_add_type(r->into, FOLDED_NEW, unit, r->err);
}

/* "12.5" with 3 decimals kept is 12500; what lies behind the kept ones is rounded. */
static int read_count(struct reader *r, struct view count, int64_t *ret)
{
	const char *dot = memchr(count.at, '.', count.len);
	const char *at = count.at, *end = view_end(count);
	unsigned kept = 0;
	int64_t number = 0;
	bool over = false;

	for (; at < end && kept <= r->decimals; at++) {
		if (at == dot)
			continue;
		if (dot && at > dot && kept++ == r->decimals)
			break;
		over |= __builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, *at - '0', &number);
	}
	if (at < end && at > dot && *at >= '5')
		over |= __builtin_add_overflow(number, 1, &number);
	for (; kept < r->decimals; kept++)
		over |= __builtin_mul_overflow(number, 10, &number);
	if (over)
		return err_set(r->err, ERR_LIMIT, "line %zu: the count %.*s is too large",
			r->line_no, (int)(count.len < 64 ? count.len : 64), count.at);
	*ret = number;
	return 0;
}

/* The location named so. Strings repeat far more often than they are new. */
static uint32_t location_of(struct reader *r, struct view name)
{
	uint32_t string = profile_string(r->into, name);

	if (string == PROFILE_NONE)
		return PROFILE_NONE;
	if (string >= r->n_of_string) {
		size_t old = r->n_of_string;

		if (!VEC_FITS(r->of_string, r->cap_of_string, (size_t)string + 1))
			return PROFILE_NONE;
		r->n_of_string = r->cap_of_string;
		memset(r->of_string + old, 0, (r->n_of_string - old) * sizeof(*r->of_string));
	}
	if (!r->of_string[string])
		r->of_string[string] = profile_named(r->into, name) + 1;
	return r->of_string[string] - 1;
}

/* How many frames of the line before this one has too. */
static size_t shared_frames(const struct reader *r, struct view stack)
{
	size_t max = r->last.len < stack.len ? r->last.len : stack.len;
	size_t n = 0, frames = stack.len ? r->n_frames : 0;

	while (n + 8 <= max && memcmp(r->last.at + n, stack.at + n, 8) == 0)
		n += 8;
	while (n < max && r->last.at[n] == stack.at[n])
		n++;
	/* A frame is shared if all of it is, and the line goes on with another or ends. */
	while (frames && (r->ends[frames - 1] > n || (r->ends[frames - 1] < stack.len &&
							     stack.at[r->ends[frames - 1]] != ';')))
		frames--;
	return frames;
}

static int add_frame(struct reader *r, uint32_t *stack, struct view name, size_t end)
{
	if (r->n_frames == FOLDED_DEPTH_MAX)
		return err_set(r->err, ERR_LIMIT, "line %zu: more than %zu frames", r->line_no,
			FOLDED_DEPTH_MAX);
	if (!VEC_FITS(r->ends, r->cap_ends, r->n_frames + 1) ||
		!VEC_FITS(r->nodes, r->cap_nodes, r->n_frames + 1))
		return err_set(r->err, ERR_NOMEM, "out of memory");
	*stack = profile_push(r->into, *stack, location_of(r, name));
	if (*stack == PROFILE_NONE)
		return err_set(r->err, ERR_NOMEM, "out of memory");
	r->ends[r->n_frames] = end;
	r->nodes[r->n_frames++] = *stack;
	return 0;
}

static int read_stack(struct reader *r, struct view stack, uint32_t *ret)
{
	size_t at;
	int rc = 0;

	while (stack.len && stack.at[stack.len - 1] == ';')
		stack.len--; /* empty frames at the leaf end are none */
	r->n_frames = shared_frames(r, stack);
	*ret = r->n_frames ? r->nodes[r->n_frames - 1] : STACK_EMPTY;
	at = r->n_frames ? r->ends[r->n_frames - 1] + 1 : 0;
	while (rc == 0 && at < stack.len) {
		const char *mark = memchr(stack.at + at, ';', stack.len - at);
		size_t end = mark ? (size_t)(mark - stack.at) : stack.len;

		rc = add_frame(r, ret, (struct view){ stack.at + at, end - at }, end);
		at = end + 1;
	}
	r->last = stack;
	return rc;
}

static int read_line(struct reader *r, struct view line)
{
	struct folded_line cut = { 0 };
	int64_t values[2];
	uint32_t stack;
	int rc = 0;

	if (line.len == 0 || !cut_line(line, &cut))
		return 0; /* the survey has refused lines that cannot be cut */
	if (r->two_columns) {
		cut.stack = cut.first_stack;
		rc = read_count(r, cut.counts[0], &values[0]);
	}
	if (rc == 0)
		rc = read_count(r, cut.counts[1], &values[r->two_columns]);
	if (rc == 0)
		rc = read_stack(r, cut.stack, &stack);
	if (rc == 0)
		profile_add(r->into, stack, 0, values);
	return rc;
}

static int read_all(struct reader *r, struct view text)
{
	struct view line;
	int rc = survey(r, text);

	if (rc == 0)
		rc = add_types(r);
	for (r->line_no = 1; rc == 0 && next_line(&text, &line); r->line_no++)
		rc = read_line(r, line);
	if (rc == 0 && r->into->failed)
		rc = err_set(r->err, ERR_NOMEM, "out of memory");
	return rc;
}

/* Skips UTF-8's mark; refuses what is not UTF-8 text at all. */
static int check_text(struct view *text, struct err *err)
{
	const char *zero;

	if (view_starts(*text, VIEW("\xff\xfe")) || view_starts(*text, VIEW("\xfe\xff")))
		return err_set(err, ERR_UNSUPPORTED,
			"the text is UTF-16; convert it: iconv -f UTF-16 -t UTF-8");
	if (view_starts(*text, VIEW("\xef\xbb\xbf")))
		*text = view_between(text->at + 3, view_end(*text));
	zero = text->len ? memchr(text->at, '\0', text->len) : NULL;
	if (zero)
		return err_set(err, ERR_CORRUPT, "at byte %zu: a zero byte; this is not text",
			(size_t)(zero - text->at));
	return 0;
}

int folded_decode(struct view text, struct profile *into, struct err *err)
{
	struct reader r = { .into = into, .err = err };
	int rc = check_text(&text, err);

	assert(into->n_types == 0);
	if (rc == 0)
		rc = read_all(&r, text);
	free(r.ends);
	free(r.nodes);
	free(r.of_string);
	return rc;
}
