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

/* The same with another method, and a body if there is a mime type. *ret_status is HTTP's, 0 if
 * nobody answered. */
struct api_answer_request {
	const char *url, *method, *mime, *coding;
	struct view body;
};
int api_answer_send(const struct api_answer_request *request, const struct fetches_trust *trust,
	struct buf *ret_body, unsigned *ret_status, struct err *err);

/* "Bearer " and what the file has, ending in NUL, for fetches_trust.authorization. */
int api_answer_read_token(const char *path, struct buf *ret, struct err *err);

#endif
