/* when: the times that Pyroscope's clients write. */
#include "ingest/when.h"

#include <time.h>

#define SECOND_NS INT64_C(1000000000)

/* In which unit so large a number is a time between 1973 and 5138. */
static const struct {
	uint64_t below;
	int64_t unit_ns;
} sizes[] = {
	{ UINT64_C(100000000000), SECOND_NS },
	{ UINT64_C(100000000000000), 1000000 },
	{ UINT64_C(100000000000000000), 1000 },
	{ (uint64_t)INT64_MAX, 1 },
};

static bool scaled(uint64_t number, int64_t unit_ns, int64_t *ret_ns)
{
	return !__builtin_mul_overflow((int64_t)number, unit_ns, ret_ns);
}

static bool digits(struct view text, int64_t *ret_ns)
{
	uint64_t number;

	if (!view_to_u64(text, &number))
		return false;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (number < sizes[i].below)
			return scaled(number, sizes[i].unit_ns, ret_ns);
	return false;
}

static bool day(struct view text, int64_t *ret_ns)
{
	uint64_t number;
	struct tm parts = { 0 }, asked;

	if (text.len != 8 || !view_to_u64(text, &number) || number < 19700101)
		return false;
	parts.tm_year = (int)(number / 10000) - 1900;
	parts.tm_mon = (int)(number / 100 % 100) - 1;
	parts.tm_mday = (int)(number % 100);
	asked = parts;
	*ret_ns = (int64_t)timegm(&parts) * SECOND_NS;
	return parts.tm_mon == asked.tm_mon && parts.tm_mday == asked.tm_mday;
}

static int64_t unit_of(struct view text)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = { { "ms", 1000000 }, { "s", SECOND_NS }, { "m", 60 * SECOND_NS },
		{ "h", 3600 * SECOND_NS }, { "d", 86400 * SECOND_NS }, { "w", 604800 * SECOND_NS },
		{ "M", 2592000 * SECOND_NS }, { "y", 31536000 * SECOND_NS } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (view_equal(text, view_of(units[i].name)))
			return units[i].ns;
	return 0;
}

/* "3h" */
static bool offset(struct view text, int64_t *ret_ns)
{
	size_t len = 0;
	uint64_t number;
	int64_t unit_ns;

	while (len < text.len && text.at[len] >= '0' && text.at[len] <= '9')
		len++;
	unit_ns = unit_of(view_between(text.at + len, view_end(text)));
	return unit_ns && view_to_u64((struct view){ text.at, len }, &number) &&
	       number <= INT64_MAX && scaled(number, unit_ns, ret_ns);
}

bool when_parse(struct view text, int64_t now_ns, int64_t *ret_ns)
{
	int64_t before_ns = 0;

	text = view_trim(text);
	if (view_starts(text, VIEW("now-"))) {
		if (!offset(view_between(text.at + 4, view_end(text)), &before_ns) ||
			before_ns > now_ns)
			return false;
		*ret_ns = now_ns - before_ns;
		return true;
	}
	if (view_equal(text, VIEW("now"))) {
		*ret_ns = now_ns;
		return true;
	}
	return day(text, ret_ns) || digits(text, ret_ns);
}
