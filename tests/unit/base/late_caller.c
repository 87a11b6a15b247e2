/* late_caller: calls late_library as any archive would. */
#include "late_library.h"

double late_caller_sums(void);
long late_caller_last(long with);

double late_caller_sums(void)
{
	/* More of both kinds than registers hold. */
	return late_library_sum("lllllllddddddddd", 1L, 2L, 3L, 4L, 5L, 6L, 7L, 1.5, 2.5, 3.5, 4.5,
		5.5, 6.5, 7.5, 8.5, 9.5);
}

long late_caller_last(long with)
{
	return late_library_filled(with).at[7];
}
