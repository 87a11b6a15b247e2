/* serve_plan: a server by its flags and its file, from its start to its end. */
#include "cli/serve_plan.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/own_token.h"
#include "cli/self_agent.h"
#include "cli/version.h"
#include "net/address.h"
#include "server/debugfiles.h"
#include "server/serving.h"
#include "server/settings.h"
#include "store/store_mem.h"
#include "store/store_rocksdb.h"
#include "wire/conf_value.h"

#define DATA_DEFAULT "flyover-data"
#define DATA_MEMORY "memory"
#define LISTEN_DEFAULT "127.0.0.1:4040"
#define DRAIN_MS 30000u
#define FETCHED_SHARE 8 /* of the memory: a debug file of another server */
#define QUERY_MEMORY_MIN (1u << 20)
#define BEARER "Bearer "
#define OWN_TENANT "flyover" /* of who comes in by the door, where there are several */

const char *const serve_plan_levels[] = { "debug", "info", "warn", "error", NULL };
const char *const serve_plan_formats[] = { "logfmt", "json", NULL };

static size_t place_in(const char *const *words, const char *word, size_t standard)
{
	for (size_t i = 0; word && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return standard;
}

/* What the file says and the flags; all that the server is made of and that has to outlive it. */
struct plan {
	const struct serve_wish *wanted;
	struct settings settings;
	struct tls_files tls;
	struct address address, grpc; /* the second without a host if it is not wanted */
	struct journal *journal;
	const struct serve_guest *guest; /* may be NULL */
	char url[ADDRESS_URL_MAX];
	char authorization[OWN_TOKEN_MAX + sizeof(BEARER)];
	struct self_agent *self; /* who samples this server; may be NULL */
};

static int read_size(const char *name, const char *text, uint64_t *into, struct err *err)
{
	if (text && (!conf_size(view_of(text), into) || *into < QUERY_MEMORY_MIN))
		return err_set(
			err, ERR_USAGE, "--%s takes a size of at least 1MB, not '%s'", name, text);
	return 0;
}

static int read_query(
	const struct serve_wish *wanted, struct settings_query *query, struct err *err)
{
	const char *timeout = wanted->query_timeout;
	int rc = 0;

	if (timeout &&
		(!conf_duration(view_of(timeout), &query->timeout_ns) || query->timeout_ns <= 0))
		rc = err_set(
			err, ERR_USAGE, "--query-timeout takes a time like 30s, not '%s'", timeout);
	if (rc == 0)
		rc = read_size("query-memory", wanted->query_memory, &query->memory, err);
	if (rc == 0)
		rc = read_size("query-memory-total", wanted->query_memory_total,
			&query->memory_total, err);
	return rc;
}

static int read_settings(
	const struct serve_wish *wanted, struct settings *settings, struct err *err)
{
	int rc = settings_read(settings, wanted->config, err);

	for (size_t i = 0; rc == 0 && i < wanted->limits.count; i++) {
		rc = limits_set(&settings->limits, wanted->limits.at[i], err);
		if (rc < 0)
			err_where(err, "--limit");
	}
	if (rc == 0)
		rc = read_query(wanted, &settings->query, err);
	if (wanted->listen)
		settings->listen = wanted->listen;
	else if (!settings->listen)
		settings->listen = LISTEN_DEFAULT;
	if (wanted->listen_grpc)
		settings->listen_grpc = wanted->listen_grpc;
	if (wanted->data)
		settings->data = wanted->data;
	else if (!settings->data)
		settings->data = DATA_DEFAULT;
	if (wanted->log_level)
		settings->log.level = wanted->log_level;
	if (wanted->log_format)
		settings->log.format = wanted->log_format;
	settings->allow_remote |= wanted->allow_remote;
	settings->multi_tenant |= wanted->multi_tenant;
	settings->profile_self |= wanted->profile_self;
	return rc;
}

/* A socket at an address that strangers reach only if that is wanted. *address gets the real port.
 */
static int listen_at(struct plan *plan, const char *text, bool is_guarded, struct address *address,
	struct err *err)
{
	bool taken;
	uint16_t port;
	int rc = address_parse(text, address, err);

	if (rc < 0)
		return rc;
	if (!address_is_loopback(address) && !is_guarded && !plan->settings.allow_remote)
		return err_set(err, ERR_USAGE,
			"%s is reachable from other machines, and nobody is asked for a password: "
			"name tokens or users in --config, or add --allow-remote if everyone who "
			"reaches it may send and read profiles",
			address->host);
	rc = address_listen(address, &port, &taken, err);
	if (rc >= 0)
		address->port = port;
	return rc;
}

static int start_listening(struct plan *plan, struct serving_options *how, struct err *err)
{
	struct address *address = &plan->address;

	how->fd = listen_at(plan, plan->settings.listen, how->auth, address, err);
	if (how->fd < 0)
		return how->fd;
	how->guard = (struct guard){ .bound = address->host,
		.port = address->port,
		.any_host = !address_is_loopback(address) };
	if (!plan->settings.listen_grpc)
		return 0;
	how->grpc_fd = listen_at(plan, plan->settings.listen_grpc, how->auth, &plan->grpc, err);
	if (how->grpc_fd >= 0)
		return 0;
	close(how->fd);
	return how->grpc_fd;
}

static int read_tls(struct plan *plan, struct serving_options *how, struct err *err)
{
	const struct settings_tls *files = &plan->settings.tls;
	int rc;

	if (!files->cert_file)
		return 0;
	rc = tls_files_read(
		&plan->tls, files->cert_file, files->key_file, files->client_ca_file, err);
	how->tls = &plan->tls;
	return rc;
}

static void say(struct plan *plan, enum journal_level level, const char *message, const char *key,
	const char *value)
{
	journal_say(plan->journal, level, message, &(struct journal_field){ key, view_of(value) },
		key ? 1 : 0);
}

/* The file once more; whatever is wrong with it, the server goes on as before. */
static void reload(struct plan *plan, struct serving *serving)
{
	struct settings next, before = plan->settings;
	struct serving_news news = { .limits = &next.limits };
	struct err err = { 0 };
	int rc = read_settings(plan->wanted, &next, &err);

	next.self_token = plan->settings.self_token;
	next.self_tenant = plan->settings.self_tenant;
	if (rc == 0)
		rc = settings_auth(&next, &news.auth, &err);
	if (rc == 0) {
		news.jobs = next.scrape_configs.at;
		news.n_jobs = next.scrape_configs.n;
		rc = serving_reload(serving, &news, &err);
	}
	if (rc < 0) {
		say(plan, JOURNAL_ERROR, "configuration not reloaded", "reason", err.text);
		settings_fini(&next);
		return;
	}
	plan->settings = next;
	settings_fini(&before);
	say(plan, JOURNAL_INFO, "configuration reloaded", NULL, NULL);
}

/* Who sends from this process: the guest, who samples the whole host and so this server, too, or
 * who samples the server alone. */
static int begin_inside(struct plan *plan, struct err *err)
{
	const struct settings *settings = &plan->settings;
	struct serve_door door = { .url = plan->url,
		.trust = { .authorization = settings->self_token ? plan->authorization : NULL,
			.tenant = settings->multi_tenant ? OWN_TENANT : NULL,
			.insecure_skip_verify = true }, /* it is ourselves */
		.journal = plan->journal };

	if (plan->guest)
		return plan->guest->begin(plan->guest->owner, &door, err);
	if (settings->profile_self)
		plan->self = self_agent_start(door.url, &door.trust, door.journal);
	return 0;
}

/* Until it is told to end. The signals are blocked before a thread starts, so that all have them
 * so. */
static int serve_until_told(struct plan *plan, const struct serving_options *how, struct err *err)
{
	const char *scheme = how->tls ? "https" : "http";
	struct serving *serving;
	char grpc_url[ADDRESS_URL_MAX];
	sigset_t told;
	int number, rc;

	sigemptyset(&told);
	sigaddset(&told, SIGINT);
	sigaddset(&told, SIGTERM);
	sigaddset(&told, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	signal(SIGPIPE, SIG_IGN);
	rc = serving_start(how, &serving, err);
	if (rc < 0)
		return rc;
	address_url(&plan->address, scheme, plan->url);
	puts(plan->url);
	if (plan->grpc.host[0]) {
		address_url(&plan->grpc, how->tls ? "grpcs" : "grpc", grpc_url);
		puts(grpc_url);
	}
	fflush(stdout);
	say(plan, JOURNAL_INFO, "listening", "version", how->version);
	rc = begin_inside(plan, err);
	while (rc == 0 && sigwait(&told, &number) == 0 && number == SIGHUP)
		reload(plan, serving);
	if (rc == 0)
		say(plan, JOURNAL_INFO, "stopping", "signal", strsignal(number));
	if (rc == 0 && plan->guest)
		plan->guest->end(plan->guest->owner);
	self_agent_stop(plan->self, plan->journal);
	serving_stop(serving);
	say(plan, JOURNAL_INFO, "stopped", NULL, NULL);
	return rc;
}

static void tell(void *owner, enum store_rocksdb_news news, const char *sentence)
{
	journal_say(owner, news == STORE_ROCKSDB_NOTE ? JOURNAL_WARN : JOURNAL_ERROR, "store",
		&(struct journal_field){ "reason", view_of(sentence) }, 1);
}

static int open_store(const struct plan *plan, struct store **ret, struct err *err)
{
	const struct settings_retention *keep = &plan->settings.retention;
	const struct settings_tenant_days *own = keep->tenants.at;
	struct store_rocksdb_options how = { .path = plan->settings.data,
		.memory_max = settings_memory_to_share(&plan->settings),
		.days_max = (uint32_t)keep->days,
		.bytes_max = keep->bytes,
		.bytes_free = plan->settings.disk_reserve,
		.tell = tell,
		.owner = plan->journal,
		.n_tenants = keep->tenants.n };
	struct store_rocksdb_tenant *tenants;
	int rc;

	if (strcmp(how.path, DATA_MEMORY) == 0)
		return store_mem_open(ret, err);
	how.tenants = tenants = calloc(how.n_tenants + 1, sizeof(*tenants));
	if (!tenants)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < how.n_tenants; i++)
		tenants[i] = (struct store_rocksdb_tenant){ view_of(own[i].tenant),
			(uint32_t)own[i].days };
	rc = store_rocksdb_open(&how, ret, err);
	free(tenants);
	return rc;
}

/* Beside the profiles, unless it is said where. */
static int open_debugfiles(const struct plan *plan, struct serving_options *how, struct err *err)
{
	const struct settings_debuginfo *wanted = &plan->settings.debuginfo;
	struct debugfiles_options files = { wanted->folder, wanted->bytes, wanted->file_bytes,
		wanted->timeout_ns, wanted->debuginfod.at, wanted->debuginfod.n,
		settings_memory_to_share(&plan->settings) / FETCHED_SHARE, how->store };
	char folder[PATH_MAX];

	if (!files.folder && strcmp(plan->settings.data, DATA_MEMORY) != 0) {
		snprintf(folder, sizeof(folder), "%s/debuginfo", plan->settings.data);
		files.folder = folder;
	}
	return debugfiles_open(&files, &how->debugfiles, err);
}

/* Who comes from this process needs a token where others need one. */
static void take_token(struct plan *plan)
{
	struct settings *settings = &plan->settings;
	char token[OWN_TOKEN_MAX];

	if ((!settings->profile_self && !plan->guest) ||
		settings->tokens.n + settings->users.n == 0)
		return;
	own_token_draw(token);
	snprintf(plan->authorization, sizeof(plan->authorization), BEARER "%s", token);
	settings->self_token = plan->authorization + strlen(BEARER);
	settings->self_tenant = settings->multi_tenant ? OWN_TENANT : NULL;
}

static int open_and_serve(struct plan *plan, struct err *err)
{
	struct serving_options how = { .fd = -1,
		.journal = plan->journal,
		.sources = plan->settings.sources,
		.version = version_text,
		.limits = plan->settings.limits,
		.multi_tenant = plan->settings.multi_tenant,
		.embed_in = plan->settings.embed_in.at,
		.n_embed_in = plan->settings.embed_in.n,
		.memory = settings_memory_to_share(&plan->settings),
		.query_ns = (uint64_t)plan->settings.query.timeout_ns,
		.query_memory = plan->settings.query.memory,
		.query_memory_total = plan->settings.query.memory_total,
		.jobs = plan->settings.scrape_configs.at,
		.n_jobs = plan->settings.scrape_configs.n,
		.drain_ms = DRAIN_MS };
	int rc = read_tls(plan, &how, err);

	serving_keep_memory(settings_memory_to_share(&plan->settings));
	take_token(plan);
	if (rc == 0)
		rc = settings_auth(&plan->settings, &how.auth, err);
	if (rc == 0)
		rc = open_store(plan, &how.store, err);
	if (rc == 0)
		rc = open_debugfiles(plan, &how, err);
	if (rc == 0)
		rc = start_listening(plan, &how, err);
	if (rc == 0)
		rc = serve_until_told(plan, &how, err);
	else
		auth_free(how.auth);
	debugfiles_close(how.debugfiles);
	if (how.store)
		store_close(how.store);
	tls_files_fini(&plan->tls);
	return rc;
}

static int serve(struct plan *plan, struct err *err)
{
	const struct settings_log *log = &plan->settings.log;
	int rc;

	plan->journal = journal_new(STDERR_FILENO,
		(enum journal_level)place_in(serve_plan_levels, log->level, JOURNAL_INFO),
		(enum journal_format)place_in(serve_plan_formats, log->format, JOURNAL_LOGFMT));
	rc = plan->journal ? open_and_serve(plan, err) : err_set(err, ERR_NOMEM, "out of memory");
	journal_free(plan->journal);
	return rc;
}

int serve_plan_run(const struct serve_wish *wish, const struct serve_guest *guest, struct err *err)
{
	struct plan plan = { .wanted = wish, .guest = guest };
	int rc = read_settings(wish, &plan.settings, err);

	if (rc == 0)
		rc = serve(&plan, err);
	settings_fini(&plan.settings);
	return rc;
}

int serve_plan_check(const struct serve_wish *wish, struct buf *out, struct err *err)
{
	struct settings settings;
	int rc = read_settings(wish, &settings, err);

	if (rc == 0)
		settings_print(&settings, out);
	settings_fini(&settings);
	return rc;
}
