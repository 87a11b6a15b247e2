/* push_dial: a connection to where profiles are pushed to. */
#include "inproc/push_dial.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

int push_dial_wait(int fd, short events, uint64_t until_ns)
{
	struct pollfd watched = { .fd = fd, .events = events };
	uint64_t now = clock_monotonic_ns();
	int n;

	if (now >= until_ns)
		return 0;
	n = poll(&watched, 1, (int)((until_ns - now) / 1000000 % INT32_MAX) + 1);
	return n > 0 ? watched.revents : n; /* the thread blocks all signals */
}

static int connect_to(const struct sockaddr *to, socklen_t len, uint64_t until_ns, int *ret_error)
{
	int fd = socket(to->sa_family, SOCKET_FLAGS, 0), error = 0;
	socklen_t size = sizeof(error);

	if (fd < 0) {
		*ret_error = errno;
		return -1;
	}
	if (connect(fd, to, len) == 0)
		return fd;
	if (errno != EINPROGRESS)
		error = errno;
	else if (push_dial_wait(fd, POLLOUT, until_ns) <= 0)
		error = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	if (error == 0)
		return fd;
	close(fd);
	*ret_error = error;
	return -1;
}

static int dial_unix(const struct push_target *target, uint64_t until_ns, struct err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int error = 0, fd;

	memcpy(to.sun_path, target->host, strnlen(target->host, sizeof(to.sun_path) - 1));
	fd = connect_to((struct sockaddr *)&to, sizeof(to), until_ns, &error);
	if (fd < 0) {
		err_errno(err, error, "cannot reach %s", target->host);
		return ERR_IO;
	}
	return fd;
}

/* gai_strerror takes the lock of the locale to translate: in the child of a fork by another thread
 * nobody would give it back. */
static const char *reason_of(int rc)
{
	switch (rc) {
	case EAI_NONAME:
	case EAI_NODATA:
		return "no such host";
	case EAI_AGAIN:
		return "the name server does not answer";
	case EAI_FAIL:
		return "the name server failed";
	case EAI_MEMORY:
		return "out of memory";
	case EAI_SYSTEM:
		return strerrordesc_np(errno);
	default:
		return "it cannot be looked up";
	}
}

int push_dial(const struct push_target *target, uint64_t until_ns, struct err *err)
{
	const char *host = strcmp(target->host, "localhost") == 0 ? "127.0.0.1" : target->host;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST };
	struct addrinfo *list;
	char port[8];
	int fd = -1, error = 0, rc;

	if (target->is_unix)
		return dial_unix(target, until_ns, err);
	snprintf(port, sizeof(port), "%u", (unsigned)target->port);
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc == EAI_NONAME) { /* no address, so a name */
		hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
		rc = getaddrinfo(host, port, &hints, &list);
	}
	if (rc != 0)
		return err_set(err, ERR_IO, "cannot find %s: %s", target->host, reason_of(rc));
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_to(a->ai_addr, a->ai_addrlen, until_ns, &error);
	freeaddrinfo(list);
	if (fd < 0) {
		err_errno(err, error, "cannot reach %s:%u", target->host, (unsigned)target->port);
		return ERR_IO;
	}
	return fd;
}
