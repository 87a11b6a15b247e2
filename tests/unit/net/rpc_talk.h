/* rpc_talk: a client and a session of ours, in memory. */
#ifndef TESTS_RPC_TALK_H
#define TESTS_RPC_TALK_H

#include "net/rpc_client.h"

/* Frames to and fro until both have nothing to say. */
static inline void rpc_talk(struct rpc_client *client, struct rpcd_session *session)
{
	const uint8_t *bytes;
	ssize_t len;

	for (bool goes_on = true; goes_on;) {
		BUF_AUTO out = { 0 };

		goes_on = false;
		while ((len = nghttp2_session_mem_send(client->http2, &bytes)) > 0) {
			rpcd_session_read(
				session, (struct view){ (const char *)bytes, (size_t)len });
			goes_on = true;
		}
		rpcd_session_write(session, &out, 1 << 20);
		if (out.len) {
			nghttp2_session_mem_recv(client->http2, (const uint8_t *)out.at, out.len);
			goes_on = true;
		}
	}
}

/* Rules whose owner takes the calls that are ready, one at a time. */
static inline void rpc_talk_ready(void *owner, struct rpcd_call *call)
{
	*(struct rpcd_call **)owner = call;
}

static inline void rpc_talk_rules(struct rpcd_rules *rules, struct rpcd_call **ret_ready)
{
	*ret_ready = NULL;
	*rules = (struct rpcd_rules){
		.options = { .message_setting = "limits.it",
			.messages_max = 5000,
			.calls_max = 4,
			.time_ms = 1000,
			.rate_min = 32,
			.idle_ms = 1000 },
		.message_max = 1000,
		.ready = rpc_talk_ready,
		.owner = ret_ready,
	};
}

#endif
