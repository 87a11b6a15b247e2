/* served_routes: a router with one table behind a real socket, for tests of routes. */
#ifndef TESTS_SERVED_ROUTES_H
#define TESTS_SERVED_ROUTES_H

#include "net/address.h"
#include "net/http_client.h"
#include "server/router.h"

struct served_routes {
	struct httpd *httpd;
	struct router *router;
	struct metrics *metrics;
	uint16_t port;
};

static inline void serve_routes(struct served_routes *served, struct router_options *routes)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .lanes = { { 2, 8 }, { 2, 8 } }, .n_lanes = 2 };
	bool taken;

	options.fd = address_listen(&address, &served->port, &taken, NULL);
	assert_true(options.fd >= 0);
	served->metrics = metrics_new();
	routes->metrics = served->metrics;
	routes->guard = (struct guard){ .bound = "127.0.0.1", .port = served->port };
	routes->body_max = routes->body_max ? routes->body_max : 1 << 20;
	served->router = router_new(routes);
	assert_non_null(served->router);
	router_serve(served->router, &options);
	assert_int_equal(httpd_start(&options, &served->httpd, NULL), 0);
}

static inline void stop_routes(struct served_routes *served)
{
	httpd_stop(served->httpd);
	router_free(served->router);
	metrics_free(served->metrics);
}

/* METHOD PATH with further header lines, each ended by \r\n, and a body. */
static inline const char *ask_routes(struct served_routes *served, const char *method_and_path,
	const char *header_lines, struct view body)
{
	BUF_AUTO request = { 0 };
	int fd = connect_to_port(served->port);

	buf_add_format(&request, "%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s", method_and_path,
		served->port, header_lines);
	if (body.len)
		buf_add_format(&request, "Content-Length: %zu\r\n", body.len);
	buf_add_text(&request, END);
	buf_add_view(&request, body);
	assert_int_equal(send(fd, request.at, request.len, MSG_NOSIGNAL), request.len);
	return read_reply(fd);
}

#endif
