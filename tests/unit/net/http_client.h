/* http_client: requests byte by byte over a real socket, for tests of servers. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define END "Connection: close\r\n\r\n"

static inline int connect_to_port(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Reads until the server closes. A reply that is larger than a test reads is no reply to it. */
static inline const char *read_reply(int fd)
{
	static char reply[1 << 18];
	size_t len = 0;
	ssize_t got;

	while (len < sizeof(reply) - 1 &&
		(got = recv(fd, reply + len, sizeof(reply) - 1 - len, 0)) > 0)
		len += (size_t)got;
	close(fd);
	assert_true(len < sizeof(reply) - 1);
	reply[len] = '\0';
	return reply;
}

static inline void send_text(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static inline const char *ask_port(uint16_t port, const char *request)
{
	int fd = connect_to_port(port);

	send_text(fd, request);
	return read_reply(fd);
}

#endif
