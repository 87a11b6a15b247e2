/* settings: the server's configuration file. */
#include "server/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/disk.h"
#include "debuginfo/latenames.h"
#include "debuginfo/shelf.h"
#include "server/guard.h"
#include "server/sourcecode.h"
#include "wire/conf.h"

#define LIMITS_MAX 32
#define FIELDS_MAX 24
#define DAYS_MAX 36500
#define DAYS_DEFAULT 30
#define MEMORY_MIN ((int64_t)64 << 20)
#define MEMORY_MAX ((int64_t)1 << 40)
#define PROGRAM_BYTES ((size_t)32 << 20) /* and what malloc keeps */
#define MEMORY_DEFAULT ((uint64_t)512 << 20)
#define RESERVE_DEFAULT ((uint64_t)64 << 20)
#define QUERY_NS_MIN INT64_C(1000000)
#define QUERY_NS_MAX INT64_C(3600000000000)
#define QUERY_NS_DEFAULT INT64_C(30000000000)
#define QUERY_MEMORY_MIN ((int64_t)1 << 20)
#define BYTES_MAX ((int64_t)1 << 60)
#define TABLE(fields) fields, sizeof(fields) / sizeof((fields)[0])

static const struct conf_field TLS_FIELDS[] = {
	CONF_FIELD(struct settings_tls, cert_file, CONF_TEXT, .required = true),
	CONF_FIELD(struct settings_tls, key_file, CONF_TEXT, .required = true),
	CONF_FIELD(struct settings_tls, client_ca_file, CONF_TEXT),
};
static const struct conf_struct TLS = { sizeof(struct settings_tls), TABLE(TLS_FIELDS), NULL };

static const struct conf_field LOG_FIELDS[] = {
	CONF_FIELD(struct settings_log, level, CONF_TEXT),
	CONF_FIELD(struct settings_log, format, CONF_TEXT),
};
static const struct conf_struct LOG = { sizeof(struct settings_log), TABLE(LOG_FIELDS), NULL };

static const struct conf_field WHO_FIELDS[] = {
	{ .kind = CONF_LINE, .offset = offsetof(struct settings_who, line) },
	CONF_FIELD(struct settings_who, name, CONF_TEXT, .required = true),
	CONF_FIELD(struct settings_who, secret, CONF_SECRET, .required = true),
	CONF_FIELD(struct settings_who, scopes, CONF_TEXTS, .required = true),
	CONF_FIELD(struct settings_who, tenant, CONF_TEXT),
};
static const struct conf_struct WHO = { sizeof(struct settings_who), TABLE(WHO_FIELDS), NULL };

static const struct conf_field TENANT_FIELDS[] = {
	CONF_FIELD(struct settings_tenant_days, tenant, CONF_TEXT, .required = true),
	CONF_FIELD(
		struct settings_tenant_days, days, CONF_COUNT, .max = DAYS_MAX, .required = true),
};
static const struct conf_struct TENANT = { sizeof(struct settings_tenant_days),
	TABLE(TENANT_FIELDS), NULL };

static const struct conf_field RETENTION_FIELDS[] = {
	CONF_FIELD(struct settings_retention, days, CONF_COUNT, .max = DAYS_MAX),
	CONF_FIELD(struct settings_retention, bytes, CONF_SIZE, .max = BYTES_MAX),
	CONF_FIELD(struct settings_retention, tenants, CONF_STRUCTS, .of = &TENANT),
};
static const struct conf_struct RETENTION = { sizeof(struct settings_retention),
	TABLE(RETENTION_FIELDS), NULL };

static const struct conf_field QUERY_FIELDS[] = {
	{ .name = "timeout",
		.kind = CONF_DURATION,
		.offset = offsetof(struct settings_query, timeout_ns),
		.min = QUERY_NS_MIN,
		.max = QUERY_NS_MAX },
	CONF_FIELD(struct settings_query, memory, CONF_SIZE, .min = QUERY_MEMORY_MIN,
		.max = MEMORY_MAX),
	CONF_FIELD(struct settings_query, memory_total, CONF_SIZE, .min = QUERY_MEMORY_MIN,
		.max = MEMORY_MAX),
};
static const struct conf_struct QUERY = { sizeof(struct settings_query), TABLE(QUERY_FIELDS),
	NULL };

static const struct conf_field DEBUGINFO_FIELDS[] = {
	CONF_FIELD(struct settings_debuginfo, folder, CONF_TEXT),
	CONF_FIELD(struct settings_debuginfo, debuginfod, CONF_TEXTS),
	CONF_FIELD(struct settings_debuginfo, bytes, CONF_SIZE, .min = 1, .max = BYTES_MAX),
	CONF_FIELD(struct settings_debuginfo, file_bytes, CONF_SIZE, .min = 1, .max = BYTES_MAX),
	{ .name = "timeout",
		.kind = CONF_DURATION,
		.offset = offsetof(struct settings_debuginfo, timeout_ns),
		.min = QUERY_NS_MIN,
		.max = QUERY_NS_MAX },
};
static const struct conf_struct DEBUGINFO = { sizeof(struct settings_debuginfo),
	TABLE(DEBUGINFO_FIELDS), NULL };

/* The whole file; the limits are those of ingest/limits.h, which has their names. */
struct tables {
	struct conf_field limit_fields[LIMITS_MAX];
	struct conf_struct limits;
	struct conf_field fields[FIELDS_MAX];
	struct conf_struct all;
};

static void add_limits(struct tables *tables)
{
	size_t n = 0;

	for (const struct limit *l = limits_all; l->name && n < LIMITS_MAX; l++)
		tables->limit_fields[n++] = (struct conf_field){ .name = l->name,
			.kind = view_ends(view_of(l->name), VIEW("_bytes")) ? CONF_SIZE
									    : CONF_COUNT,
			.offset = l->offset,
			.min = (int64_t)l->min,
			.max = (int64_t)l->max };
	tables->limits =
		(struct conf_struct){ sizeof(struct limits), tables->limit_fields, n, NULL };
}

static void make_tables(struct tables *tables)
{
	const struct conf_field fields[] = {
		CONF_FIELD(struct settings, listen, CONF_TEXT),
		CONF_FIELD(struct settings, listen_grpc, CONF_TEXT),
		CONF_FIELD(struct settings, allow_remote, CONF_FLAG),
		CONF_FIELD(struct settings, data, CONF_TEXT),
		CONF_FIELD(struct settings, multi_tenant, CONF_FLAG),
		CONF_FIELD(struct settings, profile_self, CONF_FLAG),
		CONF_FIELD(struct settings, embed_in, CONF_TEXTS),
		CONF_FIELD(struct settings, source_roots, CONF_TEXTS),
		CONF_FIELD(struct settings, log, CONF_STRUCT, .of = &LOG),
		CONF_FIELD(struct settings, tls, CONF_STRUCT, .of = &TLS),
		CONF_FIELD(
			struct settings, memory, CONF_SIZE, .min = MEMORY_MIN, .max = MEMORY_MAX),
		CONF_FIELD(struct settings, disk_reserve, CONF_SIZE, .min = 1, .max = BYTES_MAX),
		CONF_FIELD(struct settings, retention, CONF_STRUCT, .of = &RETENTION),
		CONF_FIELD(struct settings, query, CONF_STRUCT, .of = &QUERY),
		CONF_FIELD(struct settings, debuginfo, CONF_STRUCT, .of = &DEBUGINFO),
		CONF_FIELD(struct settings, limits, CONF_STRUCT, .of = &tables->limits),
		CONF_FIELD(struct settings, tokens, CONF_STRUCTS, .of = &WHO),
		CONF_FIELD(struct settings, users, CONF_STRUCTS, .of = &WHO),
		CONF_FIELD(struct settings, scrape_configs, CONF_STRUCTS, .of = &scrape_job_conf),
	};

	add_limits(tables);
	_Static_assert(sizeof(fields) <= sizeof(tables->fields), "room for all keys");
	memcpy(tables->fields, fields, sizeof(fields));
	tables->all = (struct conf_struct){ sizeof(struct settings), tables->fields,
		sizeof(fields) / sizeof(fields[0]), NULL };
}

static int check_scopes(const struct conf_list *list, struct err *err)
{
	const struct settings_who *who = list->at;

	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < who[i].scopes.n; k++)
			if (!auth_scope(view_of(who[i].scopes.at[k])))
				return err_set(err, ERR_USAGE,
					"line %u: '%.64s' is no scope; there are: ingest, query, "
					"admin",
					who[i].line, who[i].scopes.at[k]);
	return 0;
}

static int check_origins(const struct conf_texts *origins, struct err *err)
{
	for (size_t i = 0; i < origins->n; i++)
		if (!guard_is_origin(origins->at[i]))
			return err_set(err, ERR_USAGE,
				"embed_in takes origins such as https://grafana.example.org, not "
				"'%.64s'",
				origins->at[i]);
	return 0;
}

static int check_servers(const struct conf_texts *servers, struct err *err)
{
	for (size_t i = 0; i < servers->n; i++)
		if (strncmp(servers->at[i], "http://", 7) != 0 &&
			strncmp(servers->at[i], "https://", 8) != 0)
			return err_set(err, ERR_USAGE,
				"debuginfo.debuginfod takes addresses such as "
				"https://debuginfod.example.org/, not '%.64s'",
				servers->at[i]);
	return 0;
}

static int check(struct settings *settings, struct err *err)
{
	struct auth *auth;
	int code = check_origins(&settings->embed_in, err);

	if (code == 0)
		code = sourcecode_new(settings->source_roots.at, settings->source_roots.n,
			&settings->sources, err);
	if (code == 0)
		code = check_servers(&settings->debuginfo.debuginfod, err);
	if (code == 0)
		code = check_scopes(&settings->tokens, err);

	if (code == 0)
		code = check_scopes(&settings->users, err);
	if (code == 0)
		code = settings_auth(settings, &auth, err);
	if (code)
		return code;
	auth_free(auth);
	return scrape_prepare(settings->scrape_configs.at, settings->scrape_configs.n, err);
}

int settings_read(struct settings *settings, const char *path, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct tables tables;
	int code;

	*settings = (struct settings){ 0 };
	arena_init(&settings->arena, 0);
	limits_defaults(&settings->limits);
	settings->memory = MEMORY_DEFAULT;
	settings->disk_reserve = RESERVE_DEFAULT;
	settings->retention.days = DAYS_DEFAULT;
	settings->query.timeout_ns = QUERY_NS_DEFAULT;
	settings->debuginfo.bytes = SHELF_BYTES_DEFAULT;
	settings->debuginfo.file_bytes = SHELF_FILE_BYTES_DEFAULT;
	settings->debuginfo.timeout_ns = LATENAMES_TIMEOUT_MS * INT64_C(1000000);
	if (!path)
		return 0;
	make_tables(&tables);
	code = disk_read(path, CONF_BYTES_MAX, &text, err);
	if (code == 0)
		code = conf_read(&(struct conf_source){ path, buf_view(&text) }, &tables.all,
			settings, &settings->arena, err);
	if (code)
		return code;
	code = check(settings, err);
	if (code)
		err_where(err, "%s", path);
	return code;
}

void settings_fini(struct settings *settings)
{
	scrape_release(settings->scrape_configs.at, settings->scrape_configs.n);
	sourcecode_free(settings->sources);
	arena_fini(&settings->arena);
}

static void add_credentials(
	const struct conf_list *list, bool are_tokens, struct auth_credential *into, size_t *n)
{
	const struct settings_who *who = list->at;

	for (size_t i = 0; i < list->n; i++) {
		struct auth_credential *credential = &into[(*n)++];

		*credential = (struct auth_credential){ who[i].name, who[i].secret, who[i].tenant,
			0, are_tokens ? AUTH_TOKEN_HASH : AUTH_PASSWORD };
		for (size_t k = 0; k < who[i].scopes.n; k++)
			credential->scopes |= auth_scope(view_of(who[i].scopes.at[k]));
	}
}

int settings_auth(const struct settings *settings, struct auth **ret, struct err *err)
{
	size_t n = settings->tokens.n + settings->users.n, filled = 0;
	struct auth_credential *credentials;
	int code;

	*ret = NULL;
	if (n == 0)
		return 0;
	credentials = calloc(n + 1, sizeof(*credentials));
	if (!credentials)
		return err_set(err, ERR_NOMEM, "out of memory");
	add_credentials(&settings->tokens, true, credentials, &filled);
	add_credentials(&settings->users, false, credentials, &filled);
	if (settings->self_token)
		credentials[filled++] =
			(struct auth_credential){ "the server itself", settings->self_token,
				settings->self_tenant, AUTH_INGEST, AUTH_TOKEN_ITSELF };
	code = auth_new(credentials, filled, ret, err);
	free(credentials);
	return code;
}

size_t settings_memory_to_share(const struct settings *settings)
{
	size_t memory = settings->memory;

	return memory - (memory / 4 < PROGRAM_BYTES ? memory / 4 : PROGRAM_BYTES);
}

void settings_print(const struct settings *settings, struct buf *out)
{
	struct tables tables;

	make_tables(&tables);
	conf_print(&tables.all, settings, out);
}
