/*
 * settings: the server's configuration file.
 *
 *     listen: 127.0.0.1:4040
 *     data: /var/lib/flyover
 *     tls: {cert_file: /etc/flyover/cert.pem, key_file: /etc/flyover/key.pem}
 *     memory: 1GB
 *     retention: {days: 90, bytes: 200GB, tenants: [{tenant: tests, days: 3}]}
 *     limits: {samples: 100000, body_bytes: 32MB}
 *     tokens:
 *       - {name: agents, secret: "sha256:…", scopes: [ingest]}
 *     users:
 *       - {name: ada, secret: "$2b$10$…", scopes: [query, admin]}
 *     scrape_configs: […]
 *
 * What a flag says counts more than what the file says.
 */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "ingest/limits.h"
#include "server/auth.h"
#include "server/scrape.h"

struct sourcecode;

struct settings_tls {
	const char *cert_file, *key_file, *client_ca_file;
};

struct settings_log {
	const char *level, *format;
};

struct settings_tenant_days {
	const char *tenant;
	uint64_t days;
};

struct settings_retention { /* 0 = no end */
	uint64_t days, bytes;
	struct conf_list tenants; /* struct settings_tenant_days */
};

struct settings_query {        /* of questions that are being answered */
	int64_t timeout_ns;    /* of one, with its time in the queue */
	uint64_t memory;       /* of one; 0 = as all */
	uint64_t memory_total; /* of all; 0 = a quarter of the server's memory */
};

struct settings_debuginfo { /* files that name what came as addresses */
	const char *folder; /* NULL = in `data` */
	uint64_t bytes, file_bytes;
	int64_t timeout_ns;           /* of reading one */
	struct conf_texts debuginfod; /* addresses of servers that may have some */
};

struct settings_who { /* a token or a user */
	uint32_t line;
	const char *name, *secret, *tenant;
	struct conf_texts scopes;
};

struct settings {
	struct arena arena;
	const char *listen, *listen_grpc, *data; /* NULL = not said, as everywhere here */
	bool allow_remote, multi_tenant, profile_self;
	const char *self_token, *self_tenant; /* of who profiles the server itself; no keys */
	struct conf_texts embed_in;           /* origins whose pages may frame ours */
	struct conf_texts source_roots;       /* below which source may be read */
	struct sourcecode *sources;           /* the same, opened; NULL = none */
	struct settings_log log;
	struct settings_tls tls;
	struct limits limits;
	uint64_t memory; /* for all that the server holds */
	uint64_t disk_reserve;
	struct settings_retention retention;
	struct settings_query query;
	struct settings_debuginfo debuginfo;
	struct conf_list tokens, users;  /* struct settings_who */
	struct conf_list scrape_configs; /* struct scrape_job, prepared */
};

/* The defaults, and then what the file says; `path` NULL = the defaults alone. Errors name the
 * line. settings_fini also after a failure. */
int settings_read(struct settings *settings, const char *path, struct err *err);
void settings_fini(struct settings *settings);

/* Who may what; *ret is NULL if nobody is named: everyone may everything. Owned by the caller. */
int settings_auth(const struct settings *settings, struct auth **ret, struct err *err);

/* Of `memory`, without what the program takes itself: what its parts have shares of. */
size_t settings_memory_to_share(const struct settings *settings);

/* All of it as a file would say it, without secrets. */
void settings_print(const struct settings *settings, struct buf *out);

#endif
