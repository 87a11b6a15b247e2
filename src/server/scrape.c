/* scrape: which programs are asked for their profiles. */
#include "server/scrape.h"

#include <string.h>

#define SECOND 1000000000ll
#define HOUR (3600 * SECOND)
#define TABLE(fields) fields, sizeof(fields) / sizeof((fields)[0])

static const struct conf_field STATIC_FIELDS[] = {
	CONF_FIELD(struct scrape_static, targets, CONF_TEXTS, .required = true),
	CONF_FIELD(struct scrape_static, labels, CONF_PAIRS),
};
const struct conf_struct scrape_static_conf = { sizeof(struct scrape_static), TABLE(STATIC_FIELDS),
	NULL };

#define REFRESH(struct_) \
	CONF_FIELD(struct_, refresh_interval, CONF_DURATION, .min = SECOND, .max = 24 * HOUR)

static const struct conf_field FILES_FIELDS[] = {
	CONF_FIELD(struct scrape_files, files, CONF_TEXTS, .required = true),
	REFRESH(struct scrape_files),
};
static const struct scrape_files FILES_DEFAULTS = { .refresh_interval = 300 * SECOND };
static const struct conf_struct FILES = { sizeof(struct scrape_files), TABLE(FILES_FIELDS),
	&FILES_DEFAULTS };

static const char *const RECORDS[] = { "SRV", "A", "AAAA", NULL };
static const struct conf_field DNS_FIELDS[] = {
	CONF_FIELD(struct scrape_dns, names, CONF_TEXTS, .required = true),
	CONF_FIELD(struct scrape_dns, type, CONF_CHOICE, .choices = RECORDS),
	CONF_FIELD(struct scrape_dns, port, CONF_COUNT, .min = 1, .max = 65535),
	CONF_FIELD(struct scrape_dns, server, CONF_TEXT),
	REFRESH(struct scrape_dns),
};
static const struct scrape_dns DNS_DEFAULTS = { .refresh_interval = 30 * SECOND };
static const struct conf_struct DNS = { sizeof(struct scrape_dns), TABLE(DNS_FIELDS),
	&DNS_DEFAULTS };

static const struct conf_field KIND_FIELDS[] = {
	CONF_FIELD(struct scrape_kind, enabled, CONF_FLAG),
	CONF_FIELD(struct scrape_kind, path, CONF_TEXT),
	CONF_FIELD(struct scrape_kind, delta, CONF_FLAG),
};
static const struct conf_struct KIND = { sizeof(struct scrape_kind), TABLE(KIND_FIELDS), NULL };

#define KIND_FIELD(name_)                                                         \
	{                                                                         \
		.name = #name_, .kind = CONF_STRUCT,                              \
		.offset = offsetof(struct scrape_profiling, pprof_config.name_) - \
			  offsetof(struct scrape_profiling, pprof_config),        \
		.of = &KIND                                                       \
	}
static const struct conf_field PPROF_FIELDS[] = { KIND_FIELD(process_cpu), KIND_FIELD(memory),
	KIND_FIELD(allocs), KIND_FIELD(block), KIND_FIELD(mutex), KIND_FIELD(goroutine),
	KIND_FIELD(wall) };
static const struct conf_struct PPROF = { sizeof(((struct scrape_profiling *)0)->pprof_config),
	TABLE(PPROF_FIELDS), NULL };

static const struct conf_field PROFILING_FIELDS[] = {
	CONF_FIELD(struct scrape_profiling, path_prefix, CONF_TEXT),
	CONF_FIELD(struct scrape_profiling, pprof_config, CONF_STRUCT, .of = &PPROF),
};
static const struct conf_struct PROFILING = { sizeof(struct scrape_profiling),
	TABLE(PROFILING_FIELDS), NULL };

static const struct conf_field AUTHORIZATION_FIELDS[] = {
	CONF_FIELD(struct scrape_authorization, type, CONF_TEXT),
	CONF_FIELD(struct scrape_authorization, credentials, CONF_SECRET),
	CONF_FIELD(struct scrape_authorization, credentials_file, CONF_TEXT),
};
static const struct conf_struct AUTHORIZATION = { sizeof(struct scrape_authorization),
	TABLE(AUTHORIZATION_FIELDS), NULL };

static const struct conf_field BASIC_FIELDS[] = {
	CONF_FIELD(struct scrape_basic_auth, username, CONF_TEXT),
	CONF_FIELD(struct scrape_basic_auth, password, CONF_SECRET),
	CONF_FIELD(struct scrape_basic_auth, password_file, CONF_TEXT),
};
static const struct conf_struct BASIC = { sizeof(struct scrape_basic_auth), TABLE(BASIC_FIELDS),
	NULL };

static const struct conf_field TLS_FIELDS[] = {
	CONF_FIELD(struct scrape_tls, ca_file, CONF_TEXT),
	CONF_FIELD(struct scrape_tls, cert_file, CONF_TEXT),
	CONF_FIELD(struct scrape_tls, key_file, CONF_TEXT),
	CONF_FIELD(struct scrape_tls, insecure_skip_verify, CONF_FLAG),
};
static const struct conf_struct TLS = { sizeof(struct scrape_tls), TABLE(TLS_FIELDS), NULL };

static const char *const SCHEMES[] = { "http", "https", NULL };
static const struct conf_field JOB_FIELDS[] = {
	{ .kind = CONF_LINE, .offset = offsetof(struct scrape_job, line) },
	CONF_FIELD(struct scrape_job, job_name, CONF_TEXT, .required = true),
	CONF_FIELD(struct scrape_job, scrape_interval, CONF_DURATION, .min = 2 * SECOND,
		.max = 24 * HOUR),
	CONF_FIELD(
		struct scrape_job, scrape_timeout, CONF_DURATION, .min = SECOND, .max = 24 * HOUR),
	CONF_FIELD(struct scrape_job, scheme, CONF_CHOICE, .choices = SCHEMES),
	CONF_FIELD(struct scrape_job, body_size_limit, CONF_SIZE, .min = 1024, .max = 1 << 30),
	CONF_FIELD(struct scrape_job, params, CONF_PAIRS),
	CONF_FIELD(struct scrape_job, authorization, CONF_STRUCT, .of = &AUTHORIZATION),
	CONF_FIELD(struct scrape_job, basic_auth, CONF_STRUCT, .of = &BASIC),
	CONF_FIELD(struct scrape_job, tls_config, CONF_STRUCT, .of = &TLS),
	CONF_FIELD(struct scrape_job, profiling_config, CONF_STRUCT, .of = &PROFILING),
	CONF_FIELD(struct scrape_job, static_configs, CONF_STRUCTS, .of = &scrape_static_conf),
	CONF_FIELD(struct scrape_job, file_sd_configs, CONF_STRUCTS, .of = &FILES),
	CONF_FIELD(struct scrape_job, dns_sd_configs, CONF_STRUCTS, .of = &DNS),
	CONF_FIELD(struct scrape_job, relabel_configs, CONF_STRUCTS, .of = &relabel_rule_conf),
};
static const struct scrape_job JOB_DEFAULTS = {
	.scrape_interval = 15 * SECOND,
	.body_size_limit = 64 << 20,
	.authorization.type = "Bearer",
	.profiling_config = { .path_prefix = "",
		.pprof_config = {
			.process_cpu = { true, "/debug/pprof/profile", true },
			.memory = { true, "/debug/pprof/heap", false },
			.allocs = { true, "/debug/pprof/allocs", true },
			.block = { true, "/debug/pprof/block", true },
			.mutex = { true, "/debug/pprof/mutex", true },
			.goroutine = { true, "/debug/pprof/goroutine", false },
			.wall = { false, "/debug/pprof/wall", true },
		} },
};
const struct conf_struct scrape_job_conf = { sizeof(struct scrape_job), TABLE(JOB_FIELDS),
	&JOB_DEFAULTS };

static int check_job(struct scrape_job *job, struct err *err)
{
	const struct conf_list *lists[] = { &job->static_configs, &job->file_sd_configs,
		&job->dns_sd_configs };
	const struct scrape_dns *dns = job->dns_sd_configs.at;

	if (job->scrape_timeout == 0)
		job->scrape_timeout = job->scrape_interval + 3 * SECOND;
	if (lists[0]->n + lists[1]->n + lists[2]->n == 0)
		return err_set(err, ERR_USAGE,
			"line %u: job '%s' has no targets: give it static_configs, file_sd_configs "
			"or dns_sd_configs",
			job->line, job->job_name);
	if (job->authorization.credentials && job->authorization.credentials_file)
		return err_set(err, ERR_USAGE,
			"line %u: either credentials or credentials_file, not both", job->line);
	if (job->basic_auth.username &&
		(job->authorization.credentials || job->authorization.credentials_file))
		return err_set(err, ERR_USAGE,
			"line %u: either basic_auth or authorization, not both", job->line);
	for (size_t i = 0; i < job->dns_sd_configs.n; i++)
		if (dns[i].type != SCRAPE_SRV && dns[i].port == 0)
			return err_set(err, ERR_USAGE,
				"line %u: records of type %s have no port: give 'port'", job->line,
				RECORDS[dns[i].type]);
	return relabel_prepare(job->relabel_configs.at, job->relabel_configs.n, err);
}

int scrape_prepare(struct scrape_job *jobs, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		int code = check_job(&jobs[i], err);

		for (size_t before = 0; code == 0 && before < i; before++)
			if (strcmp(jobs[before].job_name, jobs[i].job_name) == 0)
				code = err_set(err, ERR_USAGE,
					"line %u: job '%s' stands in line %u already", jobs[i].line,
					jobs[i].job_name, jobs[before].line);
		if (code)
			return code;
	}
	return 0;
}

void scrape_release(struct scrape_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		relabel_release(jobs[i].relabel_configs.at, jobs[i].relabel_configs.n);
}

const char *scrape_kind_name(enum scrape_kinds kind)
{
	static const char *const NAMES[SCRAPE_KINDS] = {
		[SCRAPE_CPU] = "process_cpu",
		[SCRAPE_MEMORY] = "memory",
		[SCRAPE_ALLOCS] = "memory",
		[SCRAPE_BLOCK] = "block",
		[SCRAPE_MUTEX] = "mutex",
		[SCRAPE_GOROUTINE] = "goroutine",
		[SCRAPE_WALL] = "wall",
	};

	return NAMES[kind];
}

const struct scrape_kind *scrape_kind(const struct scrape_job *job, enum scrape_kinds kind)
{
	return &(&job->profiling_config.pprof_config.process_cpu)[kind];
}
