/* late_library: a shared library of functions that take all kinds of arguments. */
#include "late_library.h"

#include <stdarg.h>

double late_library_sum(const char *kinds, ...)
{
	va_list args;
	double sum = 0;

	va_start(args, kinds);
	for (; *kinds; kinds++)
		sum += *kinds == 'd' ? va_arg(args, double) : (double)va_arg(args, long);
	va_end(args);
	return sum;
}

struct late_library_big late_library_filled(long with)
{
	struct late_library_big big;

	for (int i = 0; i < 8; i++)
		big.at[i] = with + i;
	return big;
}
