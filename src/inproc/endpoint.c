/* endpoint: /debug/pprof/ over HTTP/1.1, with Go's paths, parameters, headers and errors. */
#include "inproc/endpoint.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "inproc/endpoint_kind.h"
#include "inproc/endpoint_pages.h"
#include "inproc/http_request.h"
#include "inproc/listener.h"
#include "inproc/own_fd.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define REQUEST_NS (10 * NS_PER_S)
#define ANSWER_NS (30 * NS_PER_S)
#define LINGER_NS (2 * NS_PER_S)

enum state {
	FREE,
	READING,
	CAPTURING,
	ANSWERING,
	LINGERING /* all is sent; waits for the client to close, so that it can read it all */
};

struct connection {
	enum state state;
	struct own_fd fd;
	struct endpoint_kind_visit visit;
	int poll;          /* its place in the round's polls, or -1 */
	uint64_t until_ns; /* CAPTURING: when the profile is done; else when patience ends */
	struct buf in, out;
	size_t sent;
};

static struct {
	bool open, show_cmdline;
	struct own_fd fd;
	int poll;
	struct listener listener;
	char token[ENDPOINT_TOKEN_MAX + 1];
	struct connection connections[ENDPOINT_CONNECTIONS_MAX];
} endpoint;

bool endpoint_is_open(void)
{
	return endpoint.open;
}

uint16_t endpoint_port(void)
{
	return endpoint.open ? endpoint.listener.port : 0;
}

static int check(
	const struct endpoint_options *options, const struct listener *listener, struct err *err)
{
	if (options->token && strlen(options->token) > ENDPOINT_TOKEN_MAX)
		return err_set(
			err, ERR_LIMIT, "the token has more than %d bytes", ENDPOINT_TOKEN_MAX);
	if (!listener->is_loopback && (!options->token || !*options->token))
		return err_set(err, ERR_DENIED,
			"%s can be reached from other machines: set a token, or listen on "
			"localhost",
			options->where);
	return 0;
}

int endpoint_open(const struct endpoint_options *options, struct err *err)
{
	struct listener listener;
	int rc;

	if (endpoint.open)
		return err_set(err, ERR_USAGE,
			"this process has an endpoint already, which FLYOVER_HTTP or an earlier "
			"fly_http_listen opened");
	rc = listener_open(options->where, &listener, err);
	if (rc < 0)
		return rc;
	rc = check(options, &listener, err);
	if (rc < 0) {
		close(listener.fd);
		return rc;
	}
	endpoint.fd = own_fd_of(listener.fd);
	endpoint.listener = listener;
	endpoint.show_cmdline = options->show_cmdline;
	endpoint.token[0] = '\0';
	if (options->token)
		memcpy(endpoint.token, options->token, strlen(options->token) + 1);
	endpoint.open = true;
	return 0;
}

static void drop(struct connection *c)
{
	endpoint_kind_cancel(&c->visit);
	own_fd_close(&c->fd);
	buf_fini(&c->in);
	buf_fini(&c->out);
	*c = (struct connection){ .state = FREE };
}

void endpoint_close(void)
{
	if (!endpoint.open)
		return;
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++)
		if (endpoint.connections[i].state != FREE)
			drop(&endpoint.connections[i]);
	if (own_fd_alive(&endpoint.fd) && endpoint.listener.path[0])
		unlink(endpoint.listener.path);
	own_fd_close(&endpoint.fd);
	endpoint.open = false;
}

static void answer(struct connection *c)
{
	c->state = ANSWERING;
	c->until_ns = clock_monotonic_ns() + ANSWER_NS;
}

static bool is_taken(const struct kind *kind)
{
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++)
		if (endpoint.connections[i].state == CAPTURING &&
			endpoint.connections[i].visit.kind == kind)
			return true;
	return false;
}

static void serve_kind(
	struct connection *c, const struct kind *kind, const struct http_request *request)
{
	uint64_t seconds = endpoint_kind_begin(&c->visit, kind, request, is_taken(kind), &c->out);

	if (!seconds)
		return;
	c->state = CAPTURING;
	c->until_ns = clock_monotonic_ns() + seconds * NS_PER_S;
}

static void finish_capture(struct connection *c)
{
	answer(c);
	endpoint_kind_finish(&c->visit, &c->out);
}

/* True if it may go on. */
static bool admit(struct connection *c, const struct http_request *request)
{
	if (endpoint.listener.is_loopback && !endpoint.listener.path[0] &&
		!http_request_is_local(request)) {
		endpoint_pages_error(&c->out, 403, "", "this address is not for that host name");
		return false;
	}
	if (endpoint.token[0] && !http_request_has_token(request, endpoint.token)) {
		endpoint_pages_error(&c->out, 401, "WWW-Authenticate: Basic realm=\"profiles\"\r\n",
			"a token is needed");
		return false;
	}
	return true;
}

/* The first two words are Go's. */
static const char *unknown(struct view page)
{
	if (view_equal(page, VIEW("cmdline")))
		return "Unknown profile: this program does not show its command line";
	if (view_equal(page, VIEW("goroutine")))
		return "Unknown profile: a thread's stack is in " ENDPOINT_PAGES_ROOT "threads";
	return "Unknown profile: " ENDPOINT_PAGES_ROOT " lists those that there are";
}

static void dispatch(struct connection *c, const struct http_request *request)
{
	struct view root = VIEW(ENDPOINT_PAGES_ROOT), page = request->path;
	const struct kind *kind;
	bool is_symbol;

	answer(c);
	if (!admit(c, request))
		return;
	if (!view_starts(page, root)) {
		bool almost = page.len == root.len - 1 && view_starts(root, page);

		endpoint_pages_error(&c->out, almost ? 301 : 404,
			almost ? "Location: " ENDPOINT_PAGES_ROOT "\r\n" : "",
			"profiles are at " ENDPOINT_PAGES_ROOT);
		return;
	}
	page = (struct view){ page.at + root.len, page.len - root.len };
	is_symbol = view_equal(page, VIEW("symbol"));
	if (request->method != HTTP_GET && !(request->method == HTTP_POST && is_symbol))
		endpoint_pages_error(&c->out, 405, "Allow: GET\r\n", "use GET");
	else if (page.len == 0)
		endpoint_pages_index(&c->out, endpoint.show_cmdline);
	else if (is_symbol)
		endpoint_pages_symbol(&c->out, request);
	else if ((kind = kind_find(page)))
		serve_kind(c, kind, request);
	else if (view_equal(page, VIEW("cmdline")) && endpoint.show_cmdline)
		endpoint_pages_cmdline(&c->out);
	else
		endpoint_pages_error(&c->out, 404, "", unknown(page));
}

static void receive(struct connection *c)
{
	struct http_request request;
	char *into = buf_reserve(&c->in, HTTP_REQUEST_MAX - c->in.len);
	ssize_t n = into ? recv(c->fd.fd, into, HTTP_REQUEST_MAX - c->in.len, 0) : -1;
	int status;

	if (n < 0 && (errno == EAGAIN || errno == EINTR) && into)
		return;
	if (n <= 0) {
		drop(c);
		return;
	}
	c->in.len += (size_t)n;
	status = http_request_parse(buf_view(&c->in), &request);
	if (status == 0 && c->in.len == HTTP_REQUEST_MAX)
		status = 431;
	if (status == 200) {
		dispatch(c, &request);
	} else if (status) {
		answer(c);
		endpoint_pages_error(&c->out, status, "", "this is no request we understand");
	}
}

static void send_more(struct connection *c)
{
	ssize_t n;

	if (c->out.failed) {
		drop(c);
		return;
	}
	n = send(c->fd.fd, c->out.at + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		drop(c);
		return;
	}
	c->sent += (size_t)n;
	c->until_ns = clock_monotonic_ns() + ANSWER_NS;
	if (c->sent < c->out.len)
		return;
	shutdown(c->fd.fd, SHUT_WR);
	c->state = LINGERING;
	c->until_ns = clock_monotonic_ns() + LINGER_NS;
}

/* Whatever still comes is thrown away; the end of it is the end. */
static void linger(struct connection *c)
{
	char bytes[1024];
	ssize_t n = recv(c->fd.fd, bytes, sizeof(bytes), 0);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		drop(c);
}

static void happen(struct connection *c, short events)
{
	if (!own_fd_alive(&c->fd))
		drop(c);
	else if (c->state == READING && events)
		receive(c);
	else if (c->state == CAPTURING && events & (POLLHUP | POLLRDHUP | POLLERR))
		drop(c);
	else if (c->state == LINGERING && events)
		linger(c);
	if (c->state == ANSWERING)
		send_more(c);
}

static void expire(struct connection *c, uint64_t now_ns)
{
	if (c->state == FREE || now_ns < c->until_ns)
		return;
	if (c->state == CAPTURING)
		finish_capture(c);
	else
		drop(c);
}

static void accept_one(void)
{
	int fd = accept4(endpoint.fd.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++) {
		struct connection *c = &endpoint.connections[i];

		if (c->state != FREE)
			continue;
		*c = (struct connection){ .state = READING,
			.fd = own_fd_of(fd),
			.poll = -1,
			.until_ns = clock_monotonic_ns() + REQUEST_NS,
			.in.max = HTTP_REQUEST_MAX };
		return;
	}
	close(fd);
}

static short events_of(enum state state)
{
	switch (state) {
	case READING:
	case LINGERING:
		return POLLIN;
	case CAPTURING:
		return POLLRDHUP;
	default:
		return POLLOUT;
	}
}

static int prepare(struct engine_polls *polls)
{
	uint64_t now = clock_monotonic_ns(), soonest = UINT64_MAX;

	endpoint.poll = -1;
	if (!endpoint.open)
		return -1;
	if (own_fd_alive(&endpoint.fd))
		endpoint.poll = engine_poll(polls, endpoint.fd.fd, POLLIN);
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++) {
		struct connection *c = &endpoint.connections[i];

		if (c->state == FREE)
			continue;
		c->poll = engine_poll(polls, c->fd.fd, events_of(c->state));
		if (c->until_ns < soonest)
			soonest = c->until_ns;
	}
	if (soonest == UINT64_MAX)
		return -1;
	return soonest > now ? (int)((soonest - now) / NS_PER_MS) + 1 : 0;
}

static void run(const struct engine_polls *polls)
{
	uint64_t now = clock_monotonic_ns();

	if (!endpoint.open)
		return;
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++) {
		struct connection *c = &endpoint.connections[i];

		if (c->state != FREE && c->poll >= 0)
			happen(c, polls->fds[c->poll].revents);
		expire(c, now);
	}
	if (endpoint.poll >= 0 && polls->fds[endpoint.poll].revents & POLLIN &&
		own_fd_alive(&endpoint.fd))
		accept_one();
}

static void after_fork(void)
{
	own_fd_close(&endpoint.fd);
	for (size_t i = 0; i < ENDPOINT_CONNECTIONS_MAX; i++)
		if (endpoint.connections[i].state != FREE)
			own_fd_close(&endpoint.connections[i].fd);
	memset(&endpoint, 0, sizeof(endpoint));
	endpoint.fd = (struct own_fd)OWN_FD_NONE;
}

const struct engine_part endpoint_part = { prepare, run, after_fork };
