/*
 * serving: the server put together: a store, the ways in, the ways out, operations, and the HTTP
 * server before them.
 *
 * A part is a table of routes (server/router.h); what it needs is made in serving_start.
 */
#ifndef SERVER_SERVING_H
#define SERVER_SERVING_H

#include "ingest/limits.h"
#include "net/tls_files.h"
#include "server/auth.h"
#include "server/guard.h"
#include "server/journal.h"
#include "server/scrape.h"

struct debugfiles;
struct serving;
struct store;

struct serving_options {
	int fd;      /* listening; taken, also on failure, as is … */
	int grpc_fd; /* … this one, for OTLP over gRPC; 0 = none */
	struct guard guard;
	struct store *store;              /* outlives the server, as does … */
	struct debugfiles *debugfiles;    /* … this; may be NULL */
	const struct sourcecode *sources; /* and this; NULL = no source is read */
	struct limits limits;             /* of each tenant */
	struct journal *journal;
	const char *version;
	bool multi_tenant;
	const char *const *embed_in; /* origins whose pages may frame ours */
	size_t n_embed_in;
	uint64_t memory; /* of all that the server holds; 0 = 512 MB */
	uint64_t query_ns, query_memory, query_memory_total; /* of questions; see settings.h */
	struct auth *auth;           /* taken, also on failure; NULL = everyone may everything */
	const struct tls_files *tls; /* NULL = HTTP; needed for the start alone */
	struct scrape_job *jobs;     /* prepared; outlive the server */
	size_t n_jobs;
	unsigned threads;  /* for each lane; 0 = as many as there are CPUs, at least 2 */
	unsigned drain_ms; /* how long to wait for clients at the end */
};

/* Once, before there are threads: memory that a request needed is kept for the next one instead of
 * going back to the kernel each time, which took a sixth of the time of an ingest; but in few
 * places, so that what is kept unused has a bound. `memory` as in the options. */
void serving_keep_memory(size_t memory);

int serving_start(const struct serving_options *options, struct serving **ret, struct err *err);

/* What may be replaced without losing a request. */
struct serving_news {
	struct auth *auth;       /* who may what; taken, also on failure */
	struct scrape_job *jobs; /* what is scraped; outlive the server */
	size_t n_jobs;
	const struct limits *limits; /* of each tenant; for what comes from now on */
};

/* The jobs of before may go once it returns, unless it fails: then nothing has changed. */
int serving_reload(struct serving *serving, const struct serving_news *news, struct err *err);

/* Not ready from now on; every request that came is answered, then all is freed. */
void serving_stop(struct serving *serving);

#endif
