/*
 * expand: file names with the process's number in them.
 */
#ifndef INPROC_EXPAND_H
#define INPROC_EXPAND_H

#include <stddef.h>

#include "base/err.h"

/* Each "%p" becomes the pid, "%%" a percent sign. ERR_USAGE for another letter, ERR_LIMIT if the
 * name then has more than size - 1 bytes. */
int expand_pid(const char *pattern, char *into, size_t size, struct err *err);

#endif
