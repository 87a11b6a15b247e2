/*
 * scrape: which programs are asked for their profiles, in the words of Prometheus and its
 * relatives.
 *
 *     scrape_configs:
 *       - job_name: shops
 *         scrape_interval: 15s
 *         static_configs: [{targets: ["localhost:6060"], labels: {region: eu}}]
 *         profiling_config:
 *           pprof_config:
 *             mutex: {enabled: false}
 */
#ifndef SERVER_SCRAPE_H
#define SERVER_SCRAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "server/relabel.h"
#include "wire/conf.h"

struct scrape_static { /* also an item of a file of targets */
	struct conf_texts targets;
	struct conf_pairs labels;
};
extern const struct conf_struct scrape_static_conf;

struct scrape_files {
	struct conf_texts files; /* paths, with * and ? in the last part */
	int64_t refresh_interval;
};

enum scrape_record { SCRAPE_SRV, SCRAPE_A, SCRAPE_AAAA };

struct scrape_dns {
	struct conf_texts names;
	int type; /* enum scrape_record */
	uint64_t port;
	const char *server; /* "ADDRESS:PORT" instead of the system's; NULL = those */
	int64_t refresh_interval;
};

/* One profile of a program. */
struct scrape_kind {
	bool enabled;
	const char *path;
	bool delta; /* asks for ?seconds=: what happened since, not since the start */
};

enum scrape_kinds {
	SCRAPE_CPU,
	SCRAPE_MEMORY, /* what lives now */
	SCRAPE_ALLOCS, /* what was allocated since */
	SCRAPE_BLOCK,
	SCRAPE_MUTEX,
	SCRAPE_GOROUTINE,
	SCRAPE_WALL,
	SCRAPE_KINDS
};

struct scrape_profiling {
	const char *path_prefix;
	struct {
		struct scrape_kind process_cpu, memory, allocs, block, mutex, goroutine, wall;
	} pprof_config;
};

struct scrape_authorization {
	const char *type, *credentials, *credentials_file;
};
struct scrape_basic_auth {
	const char *username, *password, *password_file;
};
struct scrape_tls {
	const char *ca_file, *cert_file, *key_file;
	bool insecure_skip_verify;
};

struct scrape_job {
	uint32_t line;
	const char *job_name;
	int64_t scrape_interval, scrape_timeout; /* 0 = the interval and 3 s */
	int scheme;                              /* 0 = http, 1 = https */
	uint64_t body_size_limit;
	struct conf_pairs params;
	struct scrape_authorization authorization;
	struct scrape_basic_auth basic_auth;
	struct scrape_tls tls_config;
	struct scrape_profiling profiling_config;
	struct conf_list static_configs, file_sd_configs, dns_sd_configs; /* of the structs above */
	struct conf_list relabel_configs;                                 /* struct relabel_rule */
};
extern const struct conf_struct scrape_job_conf; /* for CONF_STRUCTS */

/* What no table can check; prepares the rules. ERR_USAGE with the line. */
int scrape_prepare(struct scrape_job *jobs, size_t n, struct err *err);
void scrape_release(struct scrape_job *jobs, size_t n);

/* The name that profiles of a kind have in the store ("process_cpu"), and its configuration. */
const char *scrape_kind_name(enum scrape_kinds kind);
const struct scrape_kind *scrape_kind(const struct scrape_job *job, enum scrape_kinds kind);

#endif
