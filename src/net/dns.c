/* dns: the addresses that a name has, through c-ares. */
#include "net/dns.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>

#define ADDRESS_MAX 320
#define TRIES 2

struct lookup {
	const struct dns_question *question;
	void (*each)(void *owner, const char *address);
	void *owner;
	int status;
};

static void give(const struct lookup *lookup, const char *host, unsigned port)
{
	char address[ADDRESS_MAX];
	const char *form = strchr(host, ':') ? "[%s]:%u" : "%s:%u";

	snprintf(address, sizeof(address), form, host, port);
	lookup->each(lookup->owner, address);
}

static int give_services(const struct lookup *lookup, const unsigned char *answer, int len)
{
	struct ares_srv_reply *first;
	int status = ares_parse_srv_reply(answer, len, &first);
	unsigned n = 0;

	if (status != ARES_SUCCESS)
		return status;
	for (struct ares_srv_reply *at = first; at && n < DNS_RECORDS_MAX; at = at->next, n++)
		give(lookup, at->host, at->port);
	ares_free_data(first);
	return ARES_SUCCESS;
}

static int give_hosts(const struct lookup *lookup, const unsigned char *answer, int len)
{
	bool old = lookup->question->record == DNS_A;
	struct hostent *host;
	int status = old ? ares_parse_a_reply(answer, len, &host, NULL, NULL)
			 : ares_parse_aaaa_reply(answer, len, &host, NULL, NULL);
	char text[INET6_ADDRSTRLEN];

	if (status != ARES_SUCCESS)
		return status;
	for (unsigned i = 0; host->h_addr_list[i] && i < DNS_RECORDS_MAX; i++)
		if (ares_inet_ntop(host->h_addrtype, host->h_addr_list[i], text, sizeof(text)))
			give(lookup, text, lookup->question->port);
	ares_free_hostent(host);
	return ARES_SUCCESS;
}

static void on_answer(void *owner, int status, int timeouts, unsigned char *answer, int len)
{
	struct lookup *lookup = owner;

	if (status == ARES_SUCCESS)
		status = lookup->question->record == DNS_SRV ? give_services(lookup, answer, len)
							     : give_hosts(lookup, answer, len);
	lookup->status = status;
}

/* Until all questions of the channel have their answer; ares_timeout sees to it that they get one.
 */
static void await(ares_channel channel)
{
	for (;;) {
		ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
		struct pollfd fds[ARES_GETSOCK_MAXNUM];
		struct timeval left = { 0 };
		int which = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
		nfds_t n = 0;

		for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++)
			if (ARES_GETSOCK_READABLE(which, i) || ARES_GETSOCK_WRITABLE(which, i))
				fds[n++] = (struct pollfd){ .fd = sockets[i],
					.events = (short)(POLLIN |
							  (ARES_GETSOCK_WRITABLE(which, i) ? POLLOUT
											   : 0)) };
		if (n == 0)
			return;
		ares_timeout(channel, NULL, &left);
		poll(fds, n, (int)(left.tv_sec * 1000 + left.tv_usec / 1000 + 1));
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what timed out */
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents)
				ares_process_fd(channel,
					fds[i].revents & ~POLLOUT ? fds[i].fd : ARES_SOCKET_BAD,
					fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	}
}

static int open_channel(const char *server, ares_channel *ret, struct err *err)
{
	struct ares_options options = { .timeout = DNS_WAIT_MAX_MS / (TRIES + 1), .tries = TRIES };
	int status = ares_library_init(ARES_LIB_INIT_ALL);

	if (status == ARES_SUCCESS)
		status = ares_init_options(ret, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status != ARES_SUCCESS)
		return err_set(err, ERR_IO, "cannot look up names: %s", ares_strerror(status));
	if (server && ares_set_servers_ports_csv(*ret, server) != ARES_SUCCESS) {
		ares_destroy(*ret);
		return err_set(err, ERR_USAGE,
			"'%s' is no address of a name server: write it as 127.0.0.1:53", server);
	}
	return 0;
}

int dns_find(const struct dns_question *question, void (*each)(void *owner, const char *address),
	void *owner, struct err *err)
{
	static const int TYPES[] = {
		[DNS_SRV] = ns_t_srv, [DNS_A] = ns_t_a, [DNS_AAAA] = ns_t_aaaa
	};
	struct lookup lookup = { question, each, owner, ARES_ECANCELLED };
	ares_channel channel;
	int code = open_channel(question->server, &channel, err);

	if (code)
		return code;
	ares_query(channel, question->name, ns_c_in, TYPES[question->record], on_answer, &lookup);
	await(channel);
	ares_destroy(channel);
	if (lookup.status == ARES_SUCCESS)
		return 0;
	code = lookup.status == ARES_ENOTFOUND || lookup.status == ARES_ENODATA ? ERR_NOT_FOUND
	       : lookup.status == ARES_EBADNAME                                 ? ERR_USAGE
										: ERR_IO;
	return err_set(
		err, code, "looking up %.256s: %s", question->name, ares_strerror(lookup.status));
}
