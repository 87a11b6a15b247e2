/* own_fd: a descriptor in somebody else's program. */
#include "inproc/own_fd.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct own_fd own_fd_of(int fd)
{
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0)
		return (struct own_fd){ fd, st.st_ino };
	return (struct own_fd)OWN_FD_NONE;
}

bool own_fd_alive(const struct own_fd *own)
{
	struct stat st;

	return own->fd >= 0 && fstat(own->fd, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       st.st_ino == own->inode;
}

void own_fd_close(struct own_fd *own)
{
	if (own_fd_alive(own))
		close(own->fd);
	*own = (struct own_fd)OWN_FD_NONE;
}

bool own_fd_pair(struct own_fd *ret_read, struct own_fd *ret_write)
{
	int fds[2];

	own_fd_close(ret_read);
	own_fd_close(ret_write);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return false;
	*ret_read = own_fd_of(fds[0]);
	*ret_write = own_fd_of(fds[1]);
	return true;
}
