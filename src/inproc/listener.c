/* listener: where the endpoint listens: "HOST:PORT" or "unix:PATH". */
#include "inproc/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "inproc/expand.h"
#include "net/address.h"

#define BACKLOG 64
#define SOCKET_TYPE (SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

static int bind_failed(struct err *err, int error, const char *where)
{
	if (error == EADDRINUSE)
		return err_set(err, ERR_DENIED, "%s is taken by another program", where);
	return err_errno(err, error, "cannot listen on %s", where);
}

/* A socket left behind by a process that is gone answers nobody. */
static bool is_abandoned(const struct sockaddr_un *address)
{
	struct stat st;
	int fd, rc, error;

	if (lstat(address->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode) || st.st_uid != geteuid())
		return false;
	fd = socket(AF_UNIX, SOCKET_TYPE, 0);
	if (fd < 0)
		return false;
	rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
	error = errno;
	close(fd);
	return rc < 0 && error == ECONNREFUSED;
}

/* The mode is set before anybody can connect: fchmod works on a socket that is not bound yet. */
static int open_unix(const char *path, struct listener *ret, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int rc;

	rc = expand_pid(path, address.sun_path, sizeof(address.sun_path), err);
	if (rc < 0)
		return rc;
	ret->fd = socket(AF_UNIX, SOCKET_TYPE, 0);
	if (ret->fd < 0)
		return err_errno(err, errno, "cannot make a socket");
	if (is_abandoned(&address))
		unlink(address.sun_path);
	if (fchmod(ret->fd, 0600) < 0 ||
		bind(ret->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		chmod(address.sun_path, 0600) < 0 || listen(ret->fd, BACKLOG) < 0) {
		rc = bind_failed(err, errno, address.sun_path);
		close(ret->fd);
		return rc;
	}
	memcpy(ret->path, address.sun_path, sizeof(ret->path));
	ret->is_loopback = true;
	return 0;
}

static int make_address(const struct address *from, struct sockaddr_storage *ret, struct err *err)
{
	struct sockaddr_in *four = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
	const char *host = strcmp(from->host, "localhost") == 0 ? "127.0.0.1" : from->host;

	*ret = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(from->port);
		return 0;
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(from->port);
		return 0;
	}
	return err_set(err, ERR_USAGE,
		"'%s' is neither an address nor localhost; names are not looked up here", host);
}

static int open_tcp(const char *where, struct listener *ret, struct err *err)
{
	struct sockaddr_storage storage;
	struct sockaddr *address = (struct sockaddr *)&storage;
	socklen_t len = sizeof(storage);
	struct address parsed;
	int on = 1, rc = address_parse(where, &parsed, err);

	if (rc == 0)
		rc = make_address(&parsed, &storage, err);
	if (rc < 0)
		return rc;
	ret->fd = socket(storage.ss_family, SOCKET_TYPE, 0);
	if (ret->fd < 0)
		return err_errno(err, errno, "cannot make a socket");
	setsockopt(ret->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(ret->fd, address, len) < 0 || listen(ret->fd, BACKLOG) < 0 ||
		getsockname(ret->fd, address, &len) < 0) {
		rc = bind_failed(err, errno, where);
		close(ret->fd);
		return rc;
	}
	ret->port = ntohs(((struct sockaddr_in *)&storage)->sin_port); /* as in sockaddr_in6 */
	ret->is_loopback = address_is_loopback(&parsed);
	return 0;
}

int listener_open(const char *where, struct listener *ret, struct err *err)
{
	*ret = (struct listener){ .fd = -1 };
	if (strncmp(where, "unix:", 5) == 0)
		return open_unix(where + 5, ret, err);
	return open_tcp(where, ret, err);
}
