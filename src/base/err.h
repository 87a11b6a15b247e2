/*
 * err: a code for the program and a sentence for the person.
 *
 * Functions return 0 or one of these negative codes. Where a person needs to
 * know more, the last parameter is a caller-owned `struct err`; NULL is fine.
 * The innermost function says what happened, outer ones prepend only where.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_code {
	ERR_NOMEM = -1,       /* out of memory, or past a limit of memory */
	ERR_IO = -2,          /* the operating system failed us */
	ERR_CORRUPT = -3,     /* input that is not what it says it is */
	ERR_LIMIT = -4,       /* well-formed but larger than we accept */
	ERR_NOT_FOUND = -5,   /* no such file, process, function, … */
	ERR_DENIED = -6,      /* not permitted */
	ERR_USAGE = -7,       /* the caller asked for something that makes no sense */
	ERR_UNSUPPORTED = -8, /* this kernel, build or format cannot do it */
	ERR_CANCELLED = -9,   /* stopped on request */
	ERR_LATE = -10,       /* took longer than it may */
};

#define ERR_TEXT_MAX 512

struct err {
	int code; /* 0 or an err_code */
	char text[ERR_TEXT_MAX];
};

/* Sets *err (if not NULL) to code and sentence; returns code. Cuts long text. */
int err_set(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Like err_set, with ": " and strerror(saved_errno) appended; the code is chosen from the errno. */
int err_errno(struct err *err, int saved_errno, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "WHERE: " before the sentence; returns the code that was there. */
int err_where(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "out of memory" for people who have no sentence; never NULL. */
const char *err_name(int code);

#endif
