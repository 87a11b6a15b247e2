/*
 * source: a profile from wherever the user says.
 *
 *     FILE              in any readable format
 *     -                 standard input
 *     http://…, https://…, HOST:PORT    a pprof endpoint; a bare HOST:PORT means its CPU profile
 *     http://…/SELECTOR                 what a server keeps of it (api_url.h)
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stddef.h>

#include "base/err.h"

struct credentials_wish;
struct profile;

#define SOURCE_BYTES_MAX ((size_t)1 << 30)

/* The wish is for those that are addresses. *ret is owned by the caller. The sentence names the
 * source. */
int source_load(const char *source, const struct credentials_wish *wish, struct profile **ret,
	struct err *err);

/* The sum of all sources, of the sample types that they share. */
int source_load_all(char *const *sources, size_t n, const struct credentials_wish *wish,
	struct profile **ret, struct err *err);

#endif
