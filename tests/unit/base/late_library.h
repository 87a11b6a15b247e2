/* late_library: functions that take all kinds of arguments. */
#ifndef LATE_LIBRARY_H
#define LATE_LIBRARY_H

struct late_library_big {
	long at[8];
};

double late_library_sum(const char *kinds, ...); /* "ld": a long, a double */
struct late_library_big late_library_filled(long with);

#endif
