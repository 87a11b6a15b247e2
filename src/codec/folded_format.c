/* folded_format: what the reader and the writer of folded stacks agree on. */
#include "codec/folded_format.h"

static const struct view units[] = {
	{ "count", 5 },
	{ "thousandths", 11 },
	{ "millionths", 10 },
	{ "billionths", 10 },
};

struct view folded_format_unit(unsigned decimals)
{
	return units[decimals / 3];
}

unsigned folded_format_decimals(struct view unit)
{
	for (unsigned i = 1; i < sizeof(units) / sizeof(units[0]); i++)
		if (view_equal(unit, units[i]))
			return i * 3;
	return 0;
}
