/* rpc_socket: a gRPC client on a real socket. */
#ifndef TESTS_RPC_SOCKET_H
#define TESTS_RPC_SOCKET_H

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/rpc_client.h"

/* Waits for ten seconds at most. */
static inline int rpc_socket_open(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void rpc_socket_send(struct rpc_client *client, int fd)
{
	const uint8_t *bytes;
	ssize_t len;

	while ((len = nghttp2_session_mem_send(client->http2, &bytes)) > 0)
		if (send(fd, bytes, (size_t)len, MSG_NOSIGNAL) < 0)
			return;
}

/* Until the call is over, or the connection: then false. */
static inline bool rpc_socket_talk(struct rpc_client *client, int fd)
{
	uint8_t bytes[4096];

	while (!client->is_closed) {
		ssize_t len;

		rpc_socket_send(client, fd);
		len = recv(fd, bytes, sizeof(bytes), 0);
		if (len <= 0)
			return false;
		nghttp2_session_mem_recv(client->http2, bytes, (size_t)len);
	}
	return true;
}

/* Whether the server ends the connection within the ten seconds. */
static inline bool rpc_socket_ends(int fd)
{
	char bytes[4096];
	ssize_t len;

	while ((len = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		continue;
	return len == 0 || errno == ECONNRESET;
}

#endif
