/* rpcd_crowd: all connections of the gRPC server. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/rpcd_impl.h"

#define READ_AT_ONCE 16u /* pieces of a connection, then it is the others' turn */
#define PIECE ((size_t)16 << 10)
#define OUT_MAX ((size_t)64 << 10) /* frames that wait to be taken */

struct rpcd_connection {
	struct rpcd_link link;
	struct rpcd_session *session;
	struct buf out;
	size_t out_at;           /* what of it was taken */
	uint64_t begin_ms;       /* of the connection */
	uint64_t stuck_since_ms; /* nothing of `out` was taken since; 0 = it is not stuck */
	uint32_t asked;          /* of epoll */
	struct rpcd_connection *before, *next;
};

static void drop(struct rpcd_crowd *crowd, struct rpcd_connection *connection)
{
	if (connection->before)
		connection->before->next = connection->next;
	else
		crowd->connections = connection->next;
	if (connection->next)
		connection->next->before = connection->before;
	crowd->n_connections--;
	rpcd_session_free(connection->session);
	rpcd_link_close(&connection->link);
	buf_fini(&connection->out);
	free(connection);
}

/* False when it is over. */
static bool send_out(struct rpcd_connection *connection)
{
	struct buf *out = &connection->out;

	for (;;) {
		long n;

		if (connection->out_at == out->len) {
			buf_clear(out);
			connection->out_at = 0;
			rpcd_session_write(connection->session, out, OUT_MAX);
		}
		if (!out->len)
			return true;
		n = rpcd_link_write(&connection->link,
			view_between(out->at + connection->out_at, out->at + out->len));
		if (n == RPCD_LINK_FAILED)
			return false;
		if (n == RPCD_LINK_AGAIN) {
			if (!connection->stuck_since_ms)
				connection->stuck_since_ms = rpcd_now_ms();
			return true;
		}
		connection->stuck_since_ms = 0;
		connection->out_at += (size_t)n;
	}
}

static bool read_in(struct rpcd_connection *connection)
{
	char piece[PIECE];
	long n;

	for (unsigned i = 0; i < READ_AT_ONCE || rpcd_link_has_more(&connection->link); i++) {
		n = rpcd_link_read(&connection->link, piece, sizeof(piece));
		if (n == RPCD_LINK_AGAIN)
			return true;
		if (n <= 0)
			return false;
		rpcd_session_read(connection->session, (struct view){ piece, (size_t)n });
		if (connection->session->has_failed)
			return false;
	}
	return true;
}

/* What epoll is to tell of it from now on. */
static bool ask(struct rpcd_crowd *crowd, struct rpcd_connection *connection)
{
	bool writes = connection->out.len > connection->out_at && connection->link.is_shaken;
	uint32_t wanted = EPOLLIN | (writes || connection->link.wants_write ? EPOLLOUT : 0);
	struct epoll_event event = { .events = wanted, .data.ptr = connection };

	if (wanted == connection->asked)
		return true;
	connection->asked = wanted;
	return epoll_ctl(crowd->epoll, EPOLL_CTL_MOD, connection->link.fd, &event) == 0;
}

/* Writes what there is to write; drops it if it is over. */
void rpcd_crowd_go_on(struct rpcd_crowd *crowd, struct rpcd_connection *connection, bool reads)
{
	bool lives = !reads || read_in(connection);

	lives = send_out(connection) && lives;
	if (lives && rpcd_session_is_over(connection->session) &&
		connection->out_at == connection->out.len)
		lives = false;
	if (!lives || !ask(crowd, connection))
		drop(crowd, connection);
}

static bool has_room(const struct rpcd_crowd *crowd, const char *peer)
{
	const struct rpcd_options *options = &crowd->rules->options;
	unsigned same = 0;

	for (const struct rpcd_connection *c = crowd->connections; c; c = c->next)
		same += strcmp(c->session->peer, peer) == 0;
	return crowd->n_connections < options->connections_max &&
	       same < options->connections_of_address_max;
}

static struct rpcd_connection *connection_new(struct rpcd_crowd *crowd, int fd, const char *peer)
{
	struct rpcd_connection *connection = calloc(1, sizeof(*connection));
	int one = 1;

	if (!connection)
		return NULL;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	connection->session = rpcd_session_new(crowd->rules, peer);
	connection->begin_ms = rpcd_now_ms();
	if (connection->session && rpcd_link_open(&connection->link, fd, crowd->trust))
		return connection;
	if (connection->session)
		rpcd_session_free(connection->session);
	free(connection);
	return NULL;
}

void rpcd_crowd_add(struct rpcd_crowd *crowd, int fd, const char *peer)
{
	struct rpcd_connection *connection =
		has_room(crowd, peer) ? connection_new(crowd, fd, peer) : NULL;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };

	if (!connection) {
		close(fd);
		return;
	}
	connection->next = crowd->connections;
	if (connection->next)
		connection->next->before = connection;
	crowd->connections = connection;
	crowd->n_connections++;
	connection->asked = EPOLLIN;
	if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		drop(crowd, connection);
	else
		rpcd_crowd_go_on(crowd, connection, false);
}

static bool is_late(
	const struct rpcd_crowd *crowd, const struct rpcd_connection *connection, uint64_t now_ms)
{
	const struct rpcd_options *options = &crowd->rules->options;

	if (!connection->session->is_greeted)
		return now_ms >= connection->begin_ms + options->time_ms;
	return connection->stuck_since_ms &&
	       now_ms >= connection->stuck_since_ms + options->time_ms;
}

void rpcd_crowd_look(struct rpcd_crowd *crowd)
{
	const struct rpcd_options *options = &crowd->rules->options;
	struct rpcd_connection *connection, *next;
	uint64_t now_ms = rpcd_now_ms();

	for (connection = crowd->connections; connection; connection = next) {
		struct rpcd_session *session = connection->session;

		next = connection->next;
		if (is_late(crowd, connection, now_ms)) {
			drop(crowd, connection);
			continue;
		}
		rpcd_session_look(session, now_ms);
		if (!session->n_calls && now_ms >= session->quiet_since_ms + options->idle_ms)
			rpcd_session_close(session);
		rpcd_crowd_go_on(crowd, connection, false);
	}
}

void rpcd_crowd_close(struct rpcd_crowd *crowd)
{
	struct rpcd_connection *connection, *next;

	for (connection = crowd->connections; connection; connection = next) {
		next = connection->next;
		rpcd_session_close(connection->session);
		rpcd_crowd_go_on(crowd, connection, false);
	}
}

void rpcd_crowd_drop(struct rpcd_crowd *crowd)
{
	while (crowd->connections)
		drop(crowd, crowd->connections);
}
