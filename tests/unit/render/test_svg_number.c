/* test_svg_number: the fast way writes what printf writes. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "render/svg_number.h"

static void check(double value)
{
	BUF_AUTO out = { 0 };
	char wanted[400];

	svg_number_add_tenths(&out, svg_number_tenths(value));
	snprintf(wanted, sizeof(wanted), "%.1f", value);
	assert_view_equal(buf_view(&out), wanted);
	buf_clear(&out);
	svg_number_add_cents(&out, value);
	snprintf(wanted, sizeof(wanted), "%.2f", value);
	assert_view_equal(buf_view(&out), wanted);
	buf_clear(&out);
	svg_number_add_plain(&out, value);
	snprintf(wanted, sizeof(wanted), "%.15g", value);
	assert_view_equal(buf_view(&out), wanted);
}

static void agrees_with_printf(void **state)
{
	uint32_t seed = 1;

	for (int i = 0; i < 200000; i++) {
		seed = seed * 1664525 + 1013904223;
		check((double)seed / 1e6);
		check((double)(seed % 4000000) / 2000); /* many lie exactly halfway */
	}
}

static void agrees_where_halves_are_not_quite_halves(void **state)
{
	const double near[] = { 0.05, 0.15, 0.25, 0.35, 0.45, 1.005, 2.675, 1.25, 0.125, 10.35,
		1199.95 };

	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++)
		check(near[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_printf),
		cmocka_unit_test(agrees_where_halves_are_not_quite_halves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
