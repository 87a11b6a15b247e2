/* httpd: an HTTP/1.1 server whose answers fit into memory. */
#include "net/httpd.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/patience.h"

#define CONNECTIONS_MAX 256u
#define CONNECTIONS_OF_ADDRESS_MAX 64u
#define HEADERS_MAX ((size_t)32 << 10)
#define SILENCE_MAX_S 15u
#define THREADS 2u

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_options options;
	struct patience *patience;
};

const char *httpd_argument(const struct httpd_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
	const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

/* "gzip" among the codings, unless it is refused with q=0. */
static bool takes_gzip(const char *accepted)
{
	const char *found = strstr(accepted, "gzip");

	return found && strncmp(found + 4, ";q=0", 4) != 0;
}

static struct MHD_Response *response_of(struct httpd_reply *reply)
{
	struct MHD_Response *response;

	if (reply->body.len || !reply->made.len)
		return MHD_create_response_from_buffer(
			reply->body.len, (void *)reply->body.at, MHD_RESPMEM_PERSISTENT);
	response = MHD_create_response_from_buffer(
		reply->made.len, reply->made.at, MHD_RESPMEM_MUST_FREE);
	if (response)
		reply->made = (struct buf){ 0 };
	return response;
}

static void add_headers(
	struct MHD_Response *response, const struct httpd *httpd, const struct httpd_reply *reply)
{
	const char *mime = reply->mime ? reply->mime : "text/plain; charset=utf-8";
	char disposition[160];

	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, mime);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
		reply->immutable ? "public, max-age=31536000, immutable" : "no-store");
	MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	if (reply->gzipped)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (reply->file) {
		snprintf(disposition, sizeof(disposition), "attachment; filename=\"%.120s\"",
			reply->file);
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
	}
	if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	for (const char *const *h = httpd->options.headers; h && *h; h += 2)
		MHD_add_response_header(response, h[0], h[1]);
}

/* The connection's, or NULL. */
static struct patient *patient_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* The time for a question starts when a connection does, and again after each answer. */
static void give_time(struct httpd *httpd, struct MHD_Connection *connection, size_t bytes)
{
	struct patient *patient = patient_of(connection);
	uint64_t time_ms = bytes / httpd->options.rate_min;

	if (time_ms < httpd->options.time_ms)
		time_ms = httpd->options.time_ms;
	if (patient)
		patience_extend(httpd->patience, patient, time_ms);
}

/* The time that the answer takes to make is not the client's. */
static void hold(struct httpd *httpd, struct MHD_Connection *connection)
{
	struct patient *patient = patient_of(connection);

	if (patient)
		patience_extend(httpd->patience, patient, UINT32_MAX);
}

static void on_connection(void *owner, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	struct httpd *httpd = owner;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		patience_remove(httpd->patience, *context);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	*context = info ? patience_add(httpd->patience, info->connect_fd, httpd->options.time_ms)
			: NULL;
}

static void on_answered(void *owner, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode code)
{
	(void)state;
	(void)code;
	give_time(owner, connection, 0);
}

static enum MHD_Result answer(
	struct httpd *httpd, struct MHD_Connection *connection, struct httpd_reply *reply)
{
	size_t bytes = reply->body.len + reply->made.len;
	struct MHD_Response *response;
	enum MHD_Result queued;

	if (reply->made.failed) {
		buf_fini(&reply->made);
		*reply = (struct httpd_reply){ .status = MHD_HTTP_INTERNAL_SERVER_ERROR,
			.body = VIEW("out of memory\n") };
	}
	response = response_of(reply);
	if (!response) {
		buf_fini(&reply->made);
		return MHD_NO;
	}
	add_headers(response, httpd, reply);
	give_time(httpd, connection, bytes);
	queued = MHD_queue_response(
		connection, reply->status ? reply->status : MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_len,
	void **state)
{
	static const char
		seen; /* only its address is used: the headers of this request were seen */
	struct httpd *httpd = owner;
	struct httpd_request request = { .path = url, .connection = connection };
	struct httpd_reply reply = { 0 };

	(void)version;
	(void)upload;
	if (!*state) {
		*state = (void *)&seen;
		return MHD_YES;
	}
	if (*upload_len) { /* nobody wants it */
		*upload_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
		reply.status = MHD_HTTP_METHOD_NOT_ALLOWED;
		reply.body = VIEW("only GET and HEAD are served here\n");
		return answer(httpd, connection, &reply);
	}
	request.host = header_of(connection, MHD_HTTP_HEADER_HOST);
	request.takes_gzip = takes_gzip(header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	hold(httpd, connection);
	httpd->options.handle(httpd->options.owner, &request, &reply);
	return answer(httpd, connection, &reply);
}

static struct MHD_Daemon *start_daemon(struct httpd *httpd)
{
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, httpd,
		MHD_OPTION_LISTEN_SOCKET, httpd->options.fd, MHD_OPTION_THREAD_POOL_SIZE, THREADS,
		MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		CONNECTIONS_OF_ADDRESS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADERS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_MAX_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, httpd, MHD_OPTION_NOTIFY_COMPLETED,
		on_answered, httpd, MHD_OPTION_END);
}

int httpd_start(const struct httpd_options *options, struct httpd **ret, struct err *err)
{
	struct httpd *httpd = calloc(1, sizeof(*httpd));

	if (!httpd) {
		close(options->fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	httpd->options = *options;
	if (!httpd->options.time_ms)
		httpd->options.time_ms = HTTPD_TIME_MS;
	if (!httpd->options.rate_min)
		httpd->options.rate_min = HTTPD_RATE_MIN;
	httpd->patience = patience_new();
	if (httpd->patience)
		httpd->daemon = start_daemon(httpd);
	if (!httpd->daemon) {
		patience_free(httpd->patience);
		close(options->fd);
		free(httpd);
		return err_set(err, ERR_IO, "cannot start the HTTP server");
	}
	*ret = httpd;
	return 0;
}

void httpd_stop(struct httpd *httpd)
{
	if (!httpd)
		return;
	MHD_stop_daemon(httpd->daemon);
	patience_free(httpd->patience);
	free(httpd);
}
