/*
 * late: a shared library that is loaded when one of its functions is first called.
 *
 * tools/late-stubs makes a stub for each function that an archive calls in such a library, and one
 * of these for the library. Callers know nothing of it. Where the library is not there, the first
 * call says so in the dynamic linker's own words and ends the program with its status, 127.
 */
#ifndef BASE_LATE_H
#define BASE_LATE_H

#include <stddef.h>

struct late {
	const char *soname;
	const char *const *names; /* n functions */
	void **slots;             /* where each is; on pages of their own, read-only once filled */
	size_t n, room;           /* room: bytes of those pages */
};

/* Loads the library and fills its slots, unless that was done. Called by the stubs, from any
 * thread. */
void late_bind(struct late *late);

#endif
