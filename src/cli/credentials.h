/*
 * credentials: how commands prove who they are to a server, and whom they believe.
 *
 * They go to every server that a command's words name, and to no other one after a redirect.
 * Secrets come from files: what is on a command line everyone on the machine can read.
 */
#ifndef CLI_CREDENTIALS_H
#define CLI_CREDENTIALS_H

#include "cli/option.h"
#include "net/fetch.h"

struct credentials_wish { /* NULL = not said */
	const char *token_file, *user, *password_file, *tenant, *ca_file, *cert_file, *key_file;
};

/* The options that fill one; `s` is the command's struct, `w` the wish in it. */
#define CREDENTIALS_OPTIONS(s, w)                                                                \
	{ 0, "token-file", OPTION_TEXT(s, w.token_file), .argument = "FILE",                     \
		.help = "the server's token, sent as Authorization: Bearer" },                   \
		{ 0, "user", OPTION_TEXT(s, w.user), .argument = "NAME",                         \
			.help = "who we are, where the server knows users; with "                \
				"--password-file" },                                             \
		{ 0, "password-file", OPTION_TEXT(s, w.password_file), .argument = "FILE",       \
			.help = "that user's password" },                                        \
		{ 0, "tenant", OPTION_TEXT(s, w.tenant), .argument = "NAME",                     \
			.help = "whose profiles, where a server has several tenants: "           \
				"X-Scope-OrgID" },                                               \
		{ 0, "ca-file", OPTION_TEXT(s, w.ca_file), .argument = "FILE",                   \
			.help = "who signed the server's certificate, instead of the system's "  \
				"list" },                                                        \
		{ 0, "cert-file", OPTION_TEXT(s, w.cert_file), .argument = "FILE",               \
			.help = "our own certificate, where the server wants one" },             \
	{                                                                                        \
		0, "key-file", OPTION_TEXT(s, w.key_file), .argument = "FILE", .help = "its key" \
	}

struct credentials {
	struct fetch_trust trust; /* of the wish and of … */
	struct buf secret;        /* owned */
};

/* Reads the files. ERR_USAGE: options that contradict each other. credentials_fini also after an
 * error. */
int credentials_read(const struct credentials_wish *wish, struct credentials *ret, struct err *err);
void credentials_fini(struct credentials *credentials);

#endif
