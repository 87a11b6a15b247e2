/*
 * push_target: where profiles are pushed to, as a URL says it.
 *
 *     http://[USER:PASSWORD@]HOST[:PORT][/PATH]      HOST:PORT      unix:/PATH/OF/A/SOCKET
 *
 * A path that is empty or ends in "/" is a server's base, to which "ingest" is added; any other is
 * posted to as it stands. https is refused with a sentence (decision 96).
 */
#ifndef INPROC_PUSH_TARGET_H
#define INPROC_PUSH_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define PUSH_TARGET_TEXT_MAX 512

struct push_target {
	bool is_unix;
	char host[256]; /* without brackets; or the socket's path */
	uint16_t port;
	char path[PUSH_TARGET_TEXT_MAX];
	char basic[PUSH_TARGET_TEXT_MAX]; /* USER:PASSWORD in base64, or "" */
};

int push_target_parse(const char *url, struct push_target *ret, struct err *err);

/* `text` in base64; false if `size` bytes do not hold it. */
bool push_target_base64(struct view text, char *into, size_t size);

#endif
