/*
 * debugfiles: debug files of the tenants, by build id, and the routes by which they come and go.
 *
 *     PUT    /api/v1/debuginfo/BUILD_ID   a file, whole; or in pieces, which `flyover debuginfo
 *              [?size=&offset=&hash=]     upload` does: 202 {"state":"coming","received":n} after
 * each, 201 {"state":"stored",…} after the last, 200
 *                                         {"state":"there"} if nothing has to be sent, 409
 * {"state": "broken","received":n} after a piece for another place GET    /api/v1/debuginfo
 * {"files":[{"build_id","kind","bytes","added","used"},…], "bytes","bytes_max"} GET
 * /api/v1/debuginfo/BUILD_ID   the same of one build; 404 if it is not there (HEAD, too) DELETE
 * /api/v1/debuginfo/BUILD_ID   {"removed":n}
 *
 * Times are seconds since 1970. Pieces may be zipped (Content-Encoding: gzip).
 */
#ifndef SERVER_DEBUGFILES_H
#define SERVER_DEBUGFILES_H

#include "server/metrics.h"
#include "server/router.h"

struct debugfiles;
struct store;

struct debugfiles_options {
	const char *folder;           /* NULL = no debug files are taken */
	uint64_t bytes_max, file_max; /* see debuginfo/shelf.h */
	int64_t timeout_ns;           /* of reading one; 0 = LATENAMES_TIMEOUT_MS */
	const char *const *urls;      /* of servers that may have files; see server/debuginfod.h */
	size_t n_urls;
	uint64_t fetched_max; /* bytes of a file of theirs */
	struct store *store;  /* whose frames get the names; outlives it */
};

int debugfiles_open(
	const struct debugfiles_options *options, struct debugfiles **ret, struct err *err);
void debugfiles_close(struct debugfiles *files);

struct router_table debugfiles_table(struct debugfiles *files);
void debugfiles_write_metrics(struct debugfiles *files, struct buf *out);

#endif
