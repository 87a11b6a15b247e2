/*
 * export: the files that the page offers: every format that a codec writes, and the pictures.
 */
#ifndef SERVER_EXPORT_H
#define SERVER_EXPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct profile;

struct export_request {
	const struct profile *profile;
	const char *title;
	size_t type; /* the sample type that pictures show */
	const char *format;
};

struct export_result {
	struct buf bytes; /* owned */
	const char *mime;
	const char *file; /* static */
};

/* ERR_USAGE if there is no such format. Finish with buf_fini(&ret->bytes), also after an error. */
int export_write(const struct export_request *request, struct export_result *ret, struct err *err);

/* A JSON array of {"format","file","what"}. */
void export_list(struct buf *out);

#endif
