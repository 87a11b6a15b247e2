/*
 * serve_plan: a server by its flags and its file, from its start to its end.
 *
 * What `serve` and `up` have in common. Flags count more than the file.
 */
#ifndef CLI_SERVE_PLAN_H
#define CLI_SERVE_PLAN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/option.h"
#include "net/fetch.h"
#include "server/journal.h"

struct serve_wish { /* NULL = not said */
	const char *config, *data, *listen, *listen_grpc, *log_level, *log_format;
	const char *query_timeout, *query_memory, *query_memory_total;
	struct option_list limits;
	bool allow_remote, multi_tenant, profile_self, check_config;
};

/* The options that fill one; `s` is the command's struct, `w` the wish in it. */
#define SERVE_PLAN_OPTIONS(s, w)                                                                  \
	{ 0, "config", OPTION_TEXT(s, w.config), .argument = "FILE",                              \
		.help = "read the settings of this YAML file; flags count more" },                \
		{ 0, "check-config", OPTION_FLAG(s, w.check_config),                              \
			.help = "read --config, print all settings without secrets, and end" },   \
		{ 0, "data", OPTION_TEXT(s, w.data), .argument = "FOLDER",                        \
			.help = "where profiles are kept (default: flyover-data); \"memory\" "    \
				"keeps them as "                                                  \
				"long as the server runs" },                                      \
		{ 0, "listen", OPTION_TEXT(s, w.listen), .argument = "HOST:PORT",                 \
			.help = "where to listen; port 0 takes a free one (default: "             \
				"127.0.0.1:4040)" },                                              \
		{ 0, "listen-grpc", OPTION_TEXT(s, w.listen_grpc), .argument = "HOST:PORT",       \
			.help = "listen there for OpenTelemetry's profiles over gRPC, too, such " \
				"as 127.0.0.1:4317" },                                            \
		{ 0, "allow-remote", OPTION_FLAG(s, w.allow_remote),                              \
			.help = "listen beyond this machine without tokens or users: everyone "   \
				"who reaches "                                                    \
				"the address can send and read profiles" },                       \
		{ 0, "multi-tenant", OPTION_FLAG(s, w.multi_tenant),                              \
			.help = "keep tenants apart: every request names its own in "             \
				"X-Scope-OrgID" },                                                \
		{ 0, "profile-self", OPTION_FLAG(s, w.profile_self),                              \
			.help = "sample this server, too, and keep it as service flyover" },      \
		{ 0, "limit", OPTION_LIST(s, w.limits), .argument = "NAME=NUMBER",                \
			.help = "how much a tenant may send; see below" },                        \
		{ 0, "query-timeout", OPTION_TEXT(s, w.query_timeout), .argument = "TIME",        \
			.help = "how long a question may take (default: 30s)" },                  \
		{ 0, "query-memory", OPTION_TEXT(s, w.query_memory), .argument = "SIZE",          \
			.help = "how much memory the answer to a question may take "              \
				"(default: as much as all)" },                                    \
		{ 0, "query-memory-total", OPTION_TEXT(s, w.query_memory_total),                  \
			.argument = "SIZE",                                                       \
			.help = "how much all answers that are being made may take together "     \
				"(default: a quarter of the server's memory)" },                  \
		{ 0, "log-level", OPTION_TEXT(s, w.log_level), .argument = "LEVEL",               \
			.choices = serve_plan_levels,                                             \
			.help = "the least that is written to standard error (default: info); "   \
				"debug has "                                                      \
				"every request" },                                                \
	{                                                                                         \
		0, "log-format", OPTION_TEXT(s, w.log_format), .argument = "FORMAT",              \
							       .choices = serve_plan_formats,     \
							       .help = "logfmt (default) or json" \
	}

extern const char *const serve_plan_levels[], *const serve_plan_formats[];

/* How one comes in from this process itself. Good as long as the server listens. */
struct serve_door {
	const char *url;
	struct fetch_trust trust;
	struct journal *journal;
};

/* Somebody who lives as long as the server listens. */
struct serve_guest {
	int (*begin)(void *owner, const struct serve_door *door, struct err *err);
	void (*end)(void *owner);
	void *owner;
};

/* Until SIGINT or SIGTERM; SIGHUP reads the file again. The guest may be NULL. */
int serve_plan_run(const struct serve_wish *wish, const struct serve_guest *guest, struct err *err);

/* What the settings come to, as YAML without secrets. */
int serve_plan_check(const struct serve_wish *wish, struct buf *out, struct err *err);

#endif
