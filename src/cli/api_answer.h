/*
 * api_answer: what a server says to a question of ours.
 */
#ifndef CLI_API_ANSWER_H
#define CLI_API_ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "net/fetches.h"

/* GET, with who we are; waits for it. Errors are fetch_get's. */
int api_answer_get(
	const char *url, const struct fetches_trust *trust, struct buf *ret_body, struct err *err);

/* "Bearer " and what the file has, ending in NUL, for fetches_trust.authorization. */
int api_answer_read_token(const char *path, struct buf *ret, struct err *err);

#endif
