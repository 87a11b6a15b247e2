/*
 * rpcd_frame: how gRPC has messages and sentences on the wire of HTTP/2.
 *
 *     message  1 byte: 1 = packed as grpc-encoding says; 4 bytes: its length, high byte first;
 * itself sentence (grpc-message) percent-encoded UTF-8
 */
#ifndef NET_RPCD_FRAME_H
#define NET_RPCD_FRAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/view.h"

#define RPCD_FRAME_PREFIX 5u

struct rpcd_frame {
	bool packed;
	size_t len; /* of the message */
};

/* False if fewer than RPCD_FRAME_PREFIX bytes are there, or the first is neither 0 nor 1;
 * *ret_wrong tells the two apart. */
bool rpcd_frame_read(struct view bytes, struct rpcd_frame *ret, bool *ret_wrong);

/* A whole message with its prefix, not packed. */
void rpcd_frame_put(struct view message, struct buf *out);

/* A sentence as a header may have it. */
void rpcd_frame_put_sentence(struct view sentence, struct buf *out);

#endif
