/* arguments: a request's arguments as what they are: numbers, times, labels. */
#ifndef SERVER_ARGUMENTS_H
#define SERVER_ARGUMENTS_H

#include "base/err.h"
#include "query/groups.h"
#include "server/router.h"

/* Each leaves *ret as it is if the argument is not there. ERR_USAGE with a sentence. */
int arguments_number(const struct router_call *call, const char *name, uint64_t max, uint64_t *ret,
	struct err *err);
int arguments_duration(
	const struct router_call *call, const char *name, int64_t *ret_ns, struct err *err);

/* All texts of an argument that may come several times, in order, none empty; they stay as long as
 * the call does. ERR_USAGE past `max`. */
struct arguments_texts {
	struct view *into;
	size_t max, n;
};
int arguments_texts(const struct router_call *call, const char *name, struct arguments_texts *texts,
	struct err *err);

/* The labels of "group". */
struct arguments_group {
	struct view labels[GROUPS_LABELS_MAX];
	size_t n;
};
int arguments_group(const struct router_call *call, struct arguments_group *ret, struct err *err);

/* Whether it is there and says neither 0 nor false. */
bool arguments_flag(const struct router_call *call, const char *name);

#endif
