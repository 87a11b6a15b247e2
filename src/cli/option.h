/*
 * option: one table of options, read by the parser, the help, the man page and completion.
 *
 * A command has a struct for what the user asked, and a table that says which member each
 * option fills:
 *
 *     static const struct option options[] = {
 *             { 'F', "frequency", OPTION_NUMBER(struct record_options, hz), .argument = "HZ",
 *                     .min = 1, .max = 10000, .help = "samples a second of CPU time" },
 *             { 0 },
 *     };
 *
 * The grammar is GNU's: -F99, -F 99, --frequency=99, --frequency 99, -ab for -a -b, operands
 * anywhere, and after -- only operands. --help and -h are understood in every table.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum option_kind {
	OPTION_IS_FLAG,
	OPTION_IS_NUMBER,
	OPTION_IS_DURATION,
	OPTION_IS_TEXT,
	OPTION_IS_LIST
};

/* What an option that may be given several times collects, in order. */
struct option_list {
	const char **at; /* owned; the texts are argv's */
	size_t count, cap;
};

struct option {
	char letter;      /* 0 = none */
	const char *name; /* without the dashes */
	enum option_kind kind;
	size_t offset;
	const char *argument; /* as shown; FILE, DIR and PID also say what a shell completes */
	const char *help;     /* a phrase, without a full stop */
	uint64_t min, max;    /* of a number; of a duration in ns; max 0 = no limit */
	const char *const *choices; /* of a text or list: the only ones allowed; NULL-terminated */
};

/* The offset of a member, which must be of the type. */
#define OPTION_AT(struct_, member, type)                                          \
	(offsetof(struct_, member) +                                              \
		0 * sizeof(char[__builtin_types_compatible_p(                     \
					__typeof__(((struct_ *)0)->member), type) \
					? 1                                       \
					: -1]))

#define OPTION_FLAG(s, m) .kind = OPTION_IS_FLAG, .offset = OPTION_AT(s, m, bool)
#define OPTION_NUMBER(s, m) .kind = OPTION_IS_NUMBER, .offset = OPTION_AT(s, m, uint64_t)
#define OPTION_DURATION(s, m) .kind = OPTION_IS_DURATION, .offset = OPTION_AT(s, m, uint64_t)
#define OPTION_TEXT(s, m) .kind = OPTION_IS_TEXT, .offset = OPTION_AT(s, m, const char *)
#define OPTION_LIST(s, m) .kind = OPTION_IS_LIST, .offset = OPTION_AT(s, m, struct option_list)

struct option_parse {
	const struct option *table; /* ends with a nameless entry */
	bool stops_at_operand;      /* the first operand begins somebody else's command line */
	void *into;                 /* the command's struct, with its defaults */

	bool help; /* out: --help was asked for; the rest was not read */
};

/*
 * Reads argv[0] … argv[*argc - 1]; moves the operands to the front of argv, sets *argc to their
 * number and ends them with NULL. A sentence and ERR_USAGE for what it cannot read. The lists are
 * to be freed with option_free also after an error.
 */
int option_parse(struct option_parse *parse, int *argc, char **argv, struct err *err);
void option_free(const struct option *table, void *options);

/* "10s", "1m30s", "250ms", "2h"; a bare number is seconds. False on anything else or overflow. */
bool option_duration(const char *text, uint64_t *ret_ns);

/* The shortest exact form of it that option_duration reads. `into` has OPTION_DURATION_MAX bytes.
 */
#define OPTION_DURATION_MAX 32
void option_duration_text(uint64_t ns, char *into);

#endif
