/* push_client: one POST after another to one server. */
#include "inproc/push_client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "inproc/push_dial.h"
#include "inproc/push_item.h"
#include "inproc/push_reply.h"

#define NS_PER_S UINT64_C(1000000000)
#define BODY_KEPT ((uint64_t)1 << 16) /* answers with a longer body cost the connection */
#define SENTENCE_MAX 160

struct exchange {
	struct push_client *client;
	uint64_t until_ns;
	struct buf in;
	struct push_reply reply;
	bool was_reused;
};

static bool is_header_text(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text >= 0x7f)
			return false;
	return true;
}

static int make_headers(
	struct push_client *client, const char *token, const char *tenant, struct err *err)
{
	const char *basic = client->target.basic, *credentials = *token ? token : basic;
	BUF_AUTO headers = { .max = sizeof(client->headers) - 1 };

	if (!is_header_text(token) || !is_header_text(tenant))
		return err_set(err, ERR_USAGE,
			"the token or the tenant to push with has bytes that no header can carry");
	if (*token && *basic)
		return err_set(err, ERR_USAGE,
			"push with a token, or with the user and password of the URL, not both");
	if (*credentials)
		buf_add_format(&headers, "Authorization: %s %s\r\n", *token ? "Bearer" : "Basic",
			credentials);
	if (*tenant)
		buf_add_format(&headers, "X-Scope-OrgID: %s\r\n", tenant);
	if (headers.failed)
		return err_set(err, ERR_LIMIT,
			"the token and the tenant to push with have more than %zu bytes",
			sizeof(client->headers) / 2);
	if (headers.len)
		memcpy(client->headers, headers.at, headers.len);
	client->headers[headers.len] = '\0';
	return 0;
}

int push_client_init(struct push_client *client, const char *url, const char *token,
	const char *tenant, struct err *err)
{
	int rc = push_target_parse(url, &client->target, err);

	if (rc == 0)
		rc = make_headers(client, token ? token : "", tenant ? tenant : "", err);
	client->fd = (struct own_fd)OWN_FD_NONE;
	atomic_store(&client->until_ns, 0);
	return rc;
}

void push_client_close(struct push_client *client)
{
	own_fd_close(&client->fd);
}

static uint64_t soonest(const struct push_client *client, uint64_t wanted_ns)
{
	uint64_t limit = atomic_load(&client->until_ns);

	return limit && limit < wanted_ns ? limit : wanted_ns;
}

static int open_connection(struct exchange *x, struct err *err)
{
	struct push_client *client = x->client;
	int fd;

	x->was_reused = own_fd_alive(&client->fd);
	if (x->was_reused)
		return 0;
	fd = push_dial(&client->target,
		soonest(client, clock_monotonic_ns() + PUSH_CLIENT_CONNECT_NS), err);
	if (fd < 0)
		return fd;
	client->fd = own_fd_of(fd);
	return 0;
}

static void make_head(
	const struct push_client *client, const struct push_item *item, struct buf *out)
{
	const struct push_target *target = &client->target;
	bool six = strchr(target->host, ':') != NULL;

	buf_add_format(out, "POST %s?%s HTTP/1.1\r\n", target->path, item->query);
	if (target->is_unix)
		buf_add_text(out, "Host: localhost\r\n");
	else
		buf_add_format(out, "Host: %s%s%s:%u\r\n", six ? "[" : "", target->host,
			six ? "]" : "", (unsigned)target->port);
	buf_add_format(out,
		"Content-Type: %s\r\nContent-Length: %zu\r\nIdempotency-Key: %s\r\n"
		"User-Agent: libflyover\r\n%s\r\n",
		item->type, item->body.len, item->id, client->headers);
}

/* True when all is sent, or the server has begun to answer before it was. */
static bool send_all(struct exchange *x, struct view bytes)
{
	while (bytes.len) {
		int fd = x->client->fd.fd;
		int events = push_dial_wait(fd, POLLOUT | POLLIN, soonest(x->client, x->until_ns));
		ssize_t n;

		if (events <= 0 || !own_fd_alive(&x->client->fd))
			return false;
		if (events & POLLIN && !(events & POLLOUT))
			return true;
		n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			return (events & POLLIN) != 0;
		if (n > 0)
			bytes = (struct view){ bytes.at + n, bytes.len - (size_t)n };
	}
	return true;
}

/* More bytes of the answer: 1, 0 at its end, -1 if none come in time. */
static int receive(struct exchange *x)
{
	char bytes[4096];
	ssize_t n;

	if (push_dial_wait(x->client->fd.fd, POLLIN, soonest(x->client, x->until_ns)) <= 0 ||
		!own_fd_alive(&x->client->fd))
		return -1;
	n = recv(x->client->fd.fd, bytes, sizeof(bytes), 0);
	if (n <= 0)
		return n == 0 ? 0 : -1;
	buf_add(&x->in, bytes, (size_t)n);
	return x->in.failed ? -1 : 1;
}

/* The head of the final answer; those of 1xx before it are skipped. */
static int receive_head(struct exchange *x, struct err *err)
{
	for (;;) {
		int got = push_reply_parse(buf_view(&x->in), (int64_t)time(NULL), &x->reply);

		if (got < 0)
			return err_set(
				err, ERR_IO, "%s gives no HTTP answer", x->client->target.host);
		if (got > 0 && x->reply.status >= 200)
			return 0;
		if (got > 0) {
			memmove(x->in.at, x->in.at + x->reply.head_len,
				x->in.len - x->reply.head_len);
			x->in.len -= x->reply.head_len;
			continue;
		}
		if (receive(x) <= 0)
			return err_set(err, ERR_IO, "%s does not answer", x->client->target.host);
	}
}

/* The connection can be used again only when the whole body is read. */
static void receive_body(struct exchange *x)
{
	const struct push_reply *reply = &x->reply;

	while (!reply->closes && reply->body_len <= BODY_KEPT &&
		x->in.len - reply->head_len < reply->body_len)
		if (receive(x) <= 0)
			break;
	if (reply->closes || x->in.len - reply->head_len != reply->body_len)
		push_client_close(x->client);
}

static int try_once(struct exchange *x, const struct push_item *item, struct err *err)
{
	BUF_AUTO head = { 0 };
	int rc = open_connection(x, err);

	if (rc < 0)
		return rc;
	make_head(x->client, item, &head);
	if (head.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (send_all(x, buf_view(&head)) && send_all(x, buf_view(&item->body)))
		rc = receive_head(x, err);
	else
		rc = err_set(err, ERR_IO, "%s does not take a profile", x->client->target.host);
	if (rc < 0)
		push_client_close(x->client);
	else
		receive_body(x);
	return rc;
}

/* The server's own words, as far as they are one plain line. */
static void add_words(const struct exchange *x, char *into, size_t size)
{
	size_t n = 0, from = x->reply.head_len;

	if (x->reply.location.len) {
		snprintf(into, size, ": it sends us to %.*s; push there",
			(int)x->reply.location.len, x->reply.location.at);
		return;
	}
	into[0] = '\0';
	for (; from < x->in.len && n + 3 < size; from++) {
		char c = x->in.at[from];

		if (c == '\n' || c == '\r')
			break;
		if (n == 0)
			n = (size_t)snprintf(into, size, ": ");
		into[n++] = c < ' ' || c >= 0x7f ? '?' : c;
		into[n] = '\0';
	}
}

static enum push_client_result judge(const struct exchange *x, struct err *err)
{
	int status = x->reply.status;
	char words[SENTENCE_MAX];

	if (status >= 200 && status < 300)
		return PUSH_CLIENT_DONE;
	add_words(x, words, sizeof(words));
	err_set(err, ERR_IO, "%s answers %d%s", x->client->target.host, status, words);
	/* What somebody can mend on the server or between us and it is worth another try. */
	if (status >= 500 || status < 400 || status == 401 || status == 403 || status == 404 ||
		status == 407 || status == 408 || status == 425 || status == 429)
		return PUSH_CLIENT_LATER;
	return PUSH_CLIENT_REFUSED;
}

enum push_client_result push_client_post(struct push_client *client, const struct push_item *item,
	uint64_t *ret_retry_ns, struct err *err)
{
	struct exchange x = { .client = client,
		.until_ns = clock_monotonic_ns() + PUSH_CLIENT_EXCHANGE_NS,
		.in.max = PUSH_REPLY_HEAD_MAX + BODY_KEPT + 4096 };
	enum push_client_result result = PUSH_CLIENT_LATER;
	int rc = try_once(&x, item, err);

	*ret_retry_ns = 0;
	if (rc < 0 && x.was_reused && x.in.len == 0) /* it was closed while nothing was sent */
		rc = try_once(&x, item, err);
	if (rc == 0) {
		result = judge(&x, err);
		*ret_retry_ns = x.reply.retry_after_s * NS_PER_S;
	}
	buf_fini(&x.in);
	return result;
}
