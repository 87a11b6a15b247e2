/* measure: a value with its unit, as `go tool pprof` writes them. */
#include "render/measure.h"

#include <math.h>
#include <stdio.h>

struct unit {
	const char *name; /* as printed */
	double size;      /* in the smallest of its kind */
	const char *aliases[5];
};

static const struct unit times[] = {
	{ "ns", 1, { "nanosecond", "nanoseconds", "ns" } },
	{ "us", 1e3, { "microsecond", "microseconds", "us" } },
	{ "ms", 1e6, { "millisecond", "milliseconds", "ms" } },
	{ "s", 1e9, { "second", "seconds", "s", "sec" } },
	{ "hrs", 3600e9, { "hour", "hours", "hrs", "hr" } },
	{ NULL, 0, { NULL } },
};

static const struct unit sizes[] = {
	{ "B", 1, { "byte", "bytes", "b", "B" } },
	{ "kB", 0x1p10, { "kilobyte", "kilobytes", "kb", "kB" } },
	{ "MB", 0x1p20, { "megabyte", "megabytes", "mb", "MB" } },
	{ "GB", 0x1p30, { "gigabyte", "gigabytes", "gb", "GB" } },
	{ "TB", 0x1p40, { "terabyte", "terabytes", "tb", "TB" } },
	{ "PB", 0x1p50, { "petabyte", "petabytes", "pb", "PB" } },
	{ NULL, 0, { NULL } },
};

static const struct unit *find(const struct unit *kind, struct view name)
{
	for (; kind->name; kind++)
		for (size_t i = 0; i < 5 && kind->aliases[i]; i++)
			if (view_equal(name, view_of(kind->aliases[i])))
				return kind;
	return NULL;
}

double measure_nanoseconds(struct view unit)
{
	const struct unit *found = find(times, unit);

	return found ? found->size : 0;
}

struct measure measure_for(int64_t value, struct view unit)
{
	const struct unit *kind = times, *from = find(times, unit), *best;
	double size;

	if (!from) {
		kind = sizes;
		from = find(sizes, unit);
	}
	if (!from)
		return (struct measure){ NULL, 1 };
	size = fabs((double)value) * from->size;
	best = kind;
	for (; kind->name; kind++)
		if (size / kind->size >= 1)
			best = kind;
	return (struct measure){ best->name, best->size / from->size };
}

struct measure measure_for_table(uint64_t smallest, uint64_t largest, struct view unit)
{
	struct measure small, large;

	if (smallest == 0)
		smallest = largest;
	smallest = smallest > INT64_MAX / 100 ? INT64_MAX / 100 : smallest;
	largest = largest > INT64_MAX ? INT64_MAX : largest;
	small = measure_for((int64_t)smallest, unit);
	large = measure_for((int64_t)largest, unit);
	if (small.per != large.per && smallest * 100 < largest)
		return measure_for((int64_t)smallest * 100, unit);
	return small;
}

void measure_add(struct buf *out, int64_t value, struct measure measure, struct view unit)
{
	char digits[400];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%.2f", (double)value / measure.per);

	if (len > 3 && strcmp(digits + len - 3, ".00") == 0)
		digits[len - 3] = 0;
	if (strcmp(digits, "0") == 0 || strcmp(digits, "-0") == 0) {
		buf_add_char(out, '0');
		return;
	}
	buf_add_text(out, digits);
	if (measure.unit)
		buf_add_text(out, measure.unit);
	else if (!view_equal(unit, VIEW("count")) && !view_equal(unit, VIEW("samples")))
		buf_add_view(out, unit);
}

void measure_add_percent(struct buf *out, double value, double whole)
{
	double percent = whole != 0 ? 100 * fabs(value / whole) : 0;

	if (percent >= 99.95 && percent <= 100.05)
		buf_add_text(out, "  100%");
	else if (percent >= 1)
		buf_add_format(out, "%5.2f%%", percent);
	else
		buf_add_format(out, "%5.2g%%", percent);
}
