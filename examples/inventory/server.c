/* server: HTTP/1.1 over plain sockets, a thread for each connection that is being served. */
#include "inventory.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS_MAX 64
#define REQUEST_MAX 4096

struct worker {
	pthread_t thread;
	int listener;
	atomic_int connection; /* -1 while it waits for one */
};

static char *answer_stock(const char *rest)
{
	return *rest ? NULL : handle_stock();
}

static char *answer_health(const char *rest)
{
	return *rest ? NULL : handle_health();
}

static char *answer_nothing(const char *rest)
{
	return NULL;
}

static const struct route {
	const char *path, *handler;
	char *(*answer)(const char *rest);
} routes[] = {
	{ "/search?q=", "search", handle_search },
	{ "/items/", "item", handle_item },
	{ "/stock", "stock", answer_stock },
	{ "/health", "health", answer_health },
	{ "", "none", answer_nothing },
};

static const struct route *find_route(const char *path)
{
	const struct route *route = routes;

	while (strncmp(path, route->path, strlen(route->path)) != 0)
		route++;
	return route;
}

/* Replaces the plus signs of a form by the spaces that they stand for. */
static void decode_spaces(char *path)
{
	while ((path = strchr(path, '+')))
		*path = ' ';
}

static bool send_all(int fd, const char *bytes, size_t len, int more)
{
	while (len) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL | more);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool send_answer(int fd, const char *body)
{
	const char *status = body ? "200 OK" : "404 Not Found";
	char head[256];
	int len;

	body = body ? body : "{\"error\":\"no such thing\"}";
	len = snprintf(head, sizeof(head),
		"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		status, strlen(body));
	return send_all(fd, head, (size_t)len, MSG_MORE) && send_all(fd, body, strlen(body), 0);
}

static bool handle_request(int fd, char *head)
{
	const struct route *route;
	struct request request;
	char path[256], *body;
	bool sent;

	if (sscanf(head, "GET %255s HTTP/1.", path) != 1)
		return false;
	decode_spaces(path);
	route = find_route(path);
	request = request_begin(head, route->handler);
	body = route->answer(path + strlen(route->path));
	sent = send_answer(fd, body);
	free(body);
	request_end(&request, path);
	return sent;
}

static void serve_connection(int fd)
{
	char request[REQUEST_MAX];
	size_t len = 0;

	for (;;) {
		ssize_t got = recv(fd, request + len, sizeof(request) - 1 - len, 0);

		if (got <= 0)
			return;
		len += (size_t)got;
		request[len] = '\0';
		if (strstr(request, "\r\n\r\n")) {
			if (!handle_request(fd, request))
				return;
			len = 0;
		} else if (len == sizeof(request) - 1) {
			return;
		}
	}
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	int fd;

	while ((fd = accept(worker->listener, NULL, NULL)) >= 0) {
		worker->connection = fd;
		serve_connection(fd);
		worker->connection = -1;
		close(fd);
	}
	return NULL;
}

static int listen_on(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0 ||
		bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 64) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
		perror("inventory: cannot listen");
		exit(1);
	}
	printf("http://127.0.0.1:%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int serve(unsigned port, unsigned threads)
{
	static struct worker workers[THREADS_MAX];
	int listener = listen_on(port), number;
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	threads = threads > THREADS_MAX ? THREADS_MAX : threads;
	for (unsigned i = 0; i < threads; i++) {
		workers[i].listener = listener;
		workers[i].connection = -1;
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	sigwait(&stop, &number);
	shutdown(listener, SHUT_RDWR);
	for (unsigned i = 0; i < threads; i++) {
		int connection = workers[i].connection;

		if (connection >= 0)
			shutdown(connection, SHUT_RDWR);
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(workers[i].thread, NULL);
	close(listener);
	return 0;
}
