/* conf_value: numbers with units. */
#include "wire/conf_value.h"

struct unit {
	const char *name;
	uint64_t scale;
};

#define MS 1000000ull
#define SECOND (1000 * MS)
#define HOUR (3600 * SECOND)

/* Falling; "ms" has to be looked for before "m" and "s". */
static const struct unit DURATIONS[] = {
	{ "y", 365 * 24 * HOUR },
	{ "w", 7 * 24 * HOUR },
	{ "d", 24 * HOUR },
	{ "h", HOUR },
	{ "m", 60 * SECOND },
	{ "s", SECOND },
	{ "ms", MS },
};
#define N_DURATIONS (sizeof(DURATIONS) / sizeof(DURATIONS[0]))

static const struct unit SIZES[] = {
	{ "TB", 1ull << 40 },
	{ "GB", 1ull << 30 },
	{ "MB", 1ull << 20 },
	{ "KB", 1ull << 10 },
	{ "TiB", 1ull << 40 },
	{ "GiB", 1ull << 30 },
	{ "MiB", 1ull << 20 },
	{ "KiB", 1ull << 10 },
	{ "B", 1 },
};
#define N_SIZES (sizeof(SIZES) / sizeof(SIZES[0]))

static struct view take_while(struct view *rest, bool digits)
{
	struct view taken = { rest->at, 0 };

	while (taken.len < rest->len &&
		(rest->at[taken.len] >= '0' && rest->at[taken.len] <= '9') == digits)
		taken.len++;
	rest->at += taken.len;
	rest->len -= taken.len;
	return taken;
}

bool conf_duration(struct view text, int64_t *ret_ns)
{
	uint64_t sum = 0, number, part;
	size_t next = 0;

	*ret_ns = 0;
	if (view_equal(text, VIEW("0")))
		return true;
	if (text.len == 0)
		return false;
	while (text.len) {
		struct view digits = take_while(&text, true), name = take_while(&text, false);

		while (next < N_DURATIONS && !view_equal(name, view_of(DURATIONS[next].name)))
			next++;
		if (next == N_DURATIONS || !view_to_u64(digits, &number) ||
			__builtin_mul_overflow(number, DURATIONS[next].scale, &part) ||
			__builtin_add_overflow(sum, part, &sum) || sum > INT64_MAX)
			return false;
		next++;
	}
	*ret_ns = (int64_t)sum;
	return true;
}

bool conf_size(struct view text, uint64_t *ret_bytes)
{
	struct view digits = take_while(&text, true);
	uint64_t number, scale = text.len ? 0 : 1;

	for (size_t i = 0; i < N_SIZES; i++)
		if (view_equal(text, view_of(SIZES[i].name)))
			scale = SIZES[i].scale;
	return scale && view_to_u64(digits, &number) &&
	       !__builtin_mul_overflow(number, scale, ret_bytes);
}

void conf_print_duration(struct buf *out, int64_t ns)
{
	uint64_t rest = ns > 0 ? (uint64_t)ns : 0;

	if (rest < MS)
		buf_add_char(out, '0');
	for (size_t i = 1; i < N_DURATIONS; i++) { /* years are for reading only */
		if (rest < DURATIONS[i].scale)
			continue;
		buf_add_u64(out, rest / DURATIONS[i].scale);
		buf_add_text(out, DURATIONS[i].name);
		rest %= DURATIONS[i].scale;
	}
}

void conf_print_size(struct buf *out, uint64_t bytes)
{
	size_t i = 0;

	while (i < 4 && (bytes == 0 || bytes % SIZES[i].scale))
		i++;
	buf_add_u64(out, i < 4 ? bytes / SIZES[i].scale : bytes);
	if (i < 4)
		buf_add_text(out, SIZES[i].name);
}
