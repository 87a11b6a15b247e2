/*
 * export: the files that the page offers: every format we write, and the pictures.
 */
#ifndef SERVER_EXPORT_H
#define SERVER_EXPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

struct export
{
	const char *format; /* as in the address */
	const char *file;
	const char *what; /* for people */
	const char *mime;
	int (*write)(const struct profile *profile, const char *title, size_t type, struct buf *out,
		struct err *err);
};

/* Ends with a nameless entry. */
extern const struct export export_all[];

/* NULL if there is none. */
const struct export *export_find(const char *format);

/* A JSON array of {"format","file","what"}. */
void export_list(struct buf *out);

#endif
