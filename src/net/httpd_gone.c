/* httpd_gone: whether anybody still waits for an answer. */
#include <errno.h>
#include <sys/socket.h>

#include "net/httpd_impl.h"

/* A client that has closed its end will read nothing: it may have said all that it had to say and
 * still listen, but hardly any does so, and those that do ask again. */
bool httpd_gone(const struct httpd_request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->call->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	ssize_t len;
	char byte;

	if (!info)
		return false;
	len = recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return len == 0 || (len < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}
