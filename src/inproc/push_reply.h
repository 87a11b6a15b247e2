/*
 * push_reply: what a server answers to a push, as far as we need to know.
 *
 * Strict about what decides where the answer ends; everything else is skipped. Views lie in the
 * given bytes.
 */
#ifndef INPROC_PUSH_REPLY_H
#define INPROC_PUSH_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"

#define PUSH_REPLY_HEAD_MAX 16384
#define PUSH_REPLY_RETRY_MAX_S 3600

struct push_reply {
	int status;
	size_t head_len; /* bytes before the body */
	bool has_length; /* of the body: */
	uint64_t body_len;
	bool closes;            /* the connection ends with this answer */
	uint64_t retry_after_s; /* 0 = not said; at most PUSH_REPLY_RETRY_MAX_S */
	struct view location;
};

/* 1: the head is there; 0: more bytes are needed; -1: this is no HTTP answer. `now_s` is the time
 * since 1970, for dates in Retry-After. */
int push_reply_parse(struct view bytes, int64_t now_s, struct push_reply *ret);

#endif
