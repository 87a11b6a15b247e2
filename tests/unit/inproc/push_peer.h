/* push_peer: a server of one connection, for tests of what talks to one. */
#ifndef PUSH_PEER_H
#define PUSH_PEER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testing.h"

struct push_peer {
	int listening;
	unsigned port;
	const char *answer; /* to each request; "" = closes without one */
	unsigned n_requests;
	char request[4096]; /* the last one's beginning */
	pthread_t thread;
};

/* Head and body may come one after the other. */
static inline bool push_peer_has_all(const char *request, size_t len)
{
	const char *end = strstr(request, "\r\n\r\n"),
		   *wants = strstr(request, "\r\nContent-Length: ");

	return end &&
	       (!wants || len >= (size_t)(end + 4 - request) + strtoul(wants + 18, NULL, 10));
}

static inline bool push_peer_take(int fd, char *request, size_t room)
{
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, request + len, room - 1 - len, 0)) > 0) {
		len += (size_t)n;
		request[len] = '\0';
		if (push_peer_has_all(request, len) || len == room - 1)
			return true;
	}
	return false;
}

static inline void *push_peer_run(void *context)
{
	struct push_peer *peer = context;
	int fd;

	while ((fd = accept(peer->listening, NULL, NULL)) >= 0) {
		while (push_peer_take(fd, peer->request, sizeof(peer->request))) {
			peer->n_requests++;
			if (!*peer->answer ||
				send(fd, peer->answer, strlen(peer->answer), MSG_NOSIGNAL) < 0)
				break;
		}
		close(fd);
	}
	return NULL;
}

static inline void push_peer_start(struct push_peer *peer, const char *answer)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	*peer = (struct push_peer){ .answer = answer };
	peer->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(peer->listening, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(peer->listening, 5), 0);
	assert_int_equal(getsockname(peer->listening, (struct sockaddr *)&at, &len), 0);
	peer->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&peer->thread, NULL, push_peer_run, peer), 0);
}

static inline void push_peer_stop(struct push_peer *peer)
{
	shutdown(peer->listening, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->listening);
}

#endif
