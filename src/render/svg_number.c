/* svg_number: numbers in attributes, written as printf writes them, but fast. */
#include "render/svg_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Scaling may round a value that is not quite halfway to exactly halfway, so near the half
 * printf, which looks at all its digits, decides.
 */
static int64_t scaled(double value, double scale, const char *format)
{
	double exact = value * scale;
	double nearest = rint(exact);
	char digits[400], *dot;

	if (fabs(fabs(exact - nearest) - 0.5) > 1e-6 && fabs(exact) < 1e9)
		return (int64_t)nearest;
	snprintf(digits, sizeof(digits), format, value);
	dot = strchr(digits, '.');
	if (!dot)
		return 0; /* not a number */
	memmove(dot, dot + 1, strlen(dot));
	return strtoll(digits, NULL, 10);
}

int64_t svg_number_tenths(double value)
{
	return scaled(value, 10, "%.1f");
}

static void add_scaled(struct buf *out, int64_t number, unsigned scale)
{
	uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;

	if (number < 0)
		buf_add_char(out, '-');
	buf_add_u64(out, size / scale);
	buf_add_char(out, '.');
	for (scale /= 10; scale; scale /= 10)
		buf_add_char(out, (char)('0' + size / scale % 10));
}

void svg_number_add_tenths(struct buf *out, int64_t tenths)
{
	add_scaled(out, tenths, 10);
}

void svg_number_add_cents(struct buf *out, double value)
{
	int64_t cents = scaled(value, 100, "%.2f");

	if (cents == 0 && value < 0)
		buf_add_char(out, '-');
	add_scaled(out, cents, 100);
}

void svg_number_add_plain(struct buf *out, double value)
{
	if (value == rint(value) && value >= 0 && value < 1e15)
		buf_add_u64(out, (uint64_t)value);
	else
		buf_add_format(out, "%.15g", value);
}
