/*
 * query_what: what can be asked of a server, and how its answers look in a terminal.
 */
#ifndef CLI_QUERY_WHAT_H
#define CLI_QUERY_WHAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/option.h"

/* What the user asked for. */
struct query_wish {
	const char *server, *selector, *type, *from, *until, *output, *to, *by;
	struct credentials_wish credentials;
	struct option_list traces, spans, group_by;
	uint64_t lines, step_ns, nodes;
	bool json, all;
};

enum {
	QUERY_WHAT_JSON = 1,     /* its answer is JSON; else a profile */
	QUERY_WHAT_HAS_JSON = 2, /* its answer is a profile, and there is one in JSON, too */
	QUERY_WHAT_BY_SPAN = 4,
	QUERY_WHAT_NAMED = 8, /* a name comes before the selector */
	QUERY_WHAT_TWO = 16,  /* two selectors */
	QUERY_WHAT_FILE = 32, /* goes into a file */
	QUERY_WHAT_DRAWN = 64 /* has no use for more nodes than a terminal shows */
};

/* Reads an answer and writes it to `out`; *ret_found: there was something. With QUERY_WHAT_TWO
 * there are two answers. */
struct query_what {
	const char *path;      /* below /api/v1/ … */
	const char *json_path; /* … and with --json */
	const char *name;      /* of the argument that has the name; NULL = it is in the path */
	int (*show)(const struct query_wish *wanted, const struct view *answers, struct buf *out,
		bool *ret_found, struct err *err);
	unsigned flags;
};

/* What is called how, and in the same order what it is. */
extern const struct command_word query_what_words[];
extern const struct query_what query_what_all[];

/* With its default for no word: the profile if there is a file for it, else top. */
const struct query_what *query_what_find(const char *word, const struct query_wish *wanted);

#endif
