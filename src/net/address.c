/* address: HOST:PORT as typed, and the socket that listens there. */
#include "net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/view.h"

#define BACKLOG 64

int address_parse(const char *text, struct address *ret, struct err *err)
{
	const char *colon = strrchr(text, ':');
	struct view host = view_between(text, colon ? colon : text);
	uint64_t port;

	if (!colon || !view_to_u64(view_of(colon + 1), &port) || port > UINT16_MAX)
		return err_set(
			err, ERR_USAGE, "'%s' is no address: it should read HOST:PORT", text);
	if (host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
		host = view_between(host.at + 1, view_end(host) - 1);
	else if (memchr(host.at, ':', host.len))
		return err_set(err, ERR_USAGE,
			"'%s' is no address: an IPv6 address needs brackets, [::1]:9090", text);
	if (host.len == 0)
		host = VIEW("127.0.0.1");
	if (host.len >= sizeof(ret->host))
		return err_set(err, ERR_USAGE, "the host name in '%.40s…' is too long", text);
	memcpy(ret->host, host.at, host.len);
	ret->host[host.len] = '\0';
	ret->port = (uint16_t)port;
	return 0;
}

void address_url(const struct address *address, const char *scheme, char ret[ADDRESS_URL_MAX])
{
	snprintf(ret, ADDRESS_URL_MAX, strchr(address->host, ':') ? "%s://[%s]:%u/" : "%s://%s:%u/",
		scheme, address->host, address->port);
}

bool address_is_loopback(const struct address *address)
{
	struct in6_addr six;
	struct in_addr four;

	if (strcmp(address->host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, address->host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, address->host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage bound = { 0 };
	socklen_t len = sizeof(bound);

	if (getsockname(fd, (struct sockaddr *)&bound, &len) < 0)
		return 0;
	if (bound.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
	return ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

/* The descriptor, or a negative errno. */
static int listen_at(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	if (fd < 0)
		return -errno;
	/* Without it a page that was just closed keeps the port for a minute. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	return -saved;
}

int address_listen(
	const struct address *address, uint16_t *ret_port, bool *ret_taken, struct err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *infos = NULL;
	int rc = getaddrinfo(address->host, NULL, &hints, &infos), fd = -ENOENT;

	*ret_taken = false;
	if (rc != 0)
		return err_set(err, ERR_USAGE, "cannot listen on '%s': %s", address->host,
			gai_strerror(rc));
	for (const struct addrinfo *i = infos; i && fd < 0 && fd != -EADDRINUSE; i = i->ai_next) {
		if (i->ai_family == AF_INET6)
			((struct sockaddr_in6 *)i->ai_addr)->sin6_port = htons(address->port);
		else
			((struct sockaddr_in *)i->ai_addr)->sin_port = htons(address->port);
		fd = listen_at(i);
	}
	freeaddrinfo(infos);
	if (fd < 0) {
		*ret_taken = fd == -EADDRINUSE;
		return err_errno(
			err, -fd, "cannot listen on %s port %u", address->host, address->port);
	}
	*ret_port = port_of(fd);
	return fd;
}
