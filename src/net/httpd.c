/* httpd: an HTTP/1.1 server whose questions and answers fit into memory. */
#include "net/httpd.h"

#include <assert.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/httpd_impl.h"
#include "net/httpd_tls.h"

#define CONNECTIONS_MAX 256u
#define CONNECTIONS_OF_ADDRESS_MAX 64u
#define HEADERS_MAX ((size_t)32 << 10)
#define SILENCE_MAX_S 15u
#define THREADS 2u

const char *httpd_argument(const struct httpd_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->call->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *httpd_header(const struct httpd_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->call->connection, MHD_HEADER_KIND, name);
}

struct arguments {
	const char *name;
	bool (*each)(void *owner, const char *value);
	void *owner;
};

static enum MHD_Result on_argument(
	void *owner, enum MHD_ValueKind kind, const char *name, const char *value)
{
	const struct arguments *wanted = owner;

	(void)kind;
	if (strcmp(name, wanted->name) != 0)
		return MHD_YES;
	return wanted->each(wanted->owner, value ? value : "") ? MHD_YES : MHD_NO;
}

void httpd_arguments(const struct httpd_request *request, const char *name,
	bool (*each)(void *owner, const char *value), void *owner)
{
	struct arguments wanted = { name, each, owner };

	MHD_get_connection_values(
		request->call->connection, MHD_GET_ARGUMENT_KIND, on_argument, &wanted);
}

void httpd_peer(const struct httpd_request *request, char *into)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	socklen_t len = sizeof(struct sockaddr_in6);

	if (info && info->client_addr->sa_family == AF_INET)
		len = sizeof(struct sockaddr_in);
	if (!info || getnameinfo(info->client_addr, len, into, HTTPD_PEER_MAX, NULL, 0,
			     NI_NUMERICHOST) != 0)
		memcpy(into, "-", 2);
}

/* "gzip" among the codings, unless it is refused with q=0. */
static bool takes_gzip(const char *accepted)
{
	const char *found = accepted ? strstr(accepted, "gzip") : NULL;

	return found && strncmp(found + 4, ";q=0", 4) != 0;
}

/* The connection's, or NULL. */
static struct patient *patient_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void httpd_give_time(struct httpd *httpd, struct MHD_Connection *connection, size_t bytes)
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

/* False once the server is being stopped: from then on the numbers only fall. */
static bool enter(struct httpd_call *call)
{
	struct httpd *httpd = call->httpd;

	pthread_mutex_lock(&httpd->lock);
	call->is_counted = !atomic_load(&httpd->is_stopping);
	if (call->is_counted) {
		httpd->n_unanswered++;
		httpd->n_unsent++;
	}
	pthread_mutex_unlock(&httpd->lock);
	return call->is_counted;
}

static void leave(struct httpd *httpd, size_t *number)
{
	pthread_mutex_lock(&httpd->lock);
	--*number;
	pthread_cond_broadcast(&httpd->change);
	pthread_mutex_unlock(&httpd->lock);
}

/* The time for the next question starts when an answer was sent. */
static void on_answered(void *owner, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode code)
{
	struct httpd *httpd = owner;
	struct httpd_call *call = *state;

	(void)code;
	httpd_give_time(httpd, connection, 0);
	if (!call)
		return;
	if (httpd->options.forget)
		httpd->options.forget(httpd->options.owner, &call->request, call->reply.status);
	httpd_body_fini(call);
	buf_fini(&call->reply.made);
	if (call->is_counted)
		leave(httpd, &httpd->n_unsent);
	free(call);
	*state = NULL;
}

struct httpd_call *httpd_defer(const struct httpd_request *request)
{
	struct httpd_call *call = request->call;

	assert(call->is_deferred);
	*call->is_deferred = true;
	return call;
}

void httpd_answer(struct httpd_call *call, const struct httpd_reply *reply)
{
	struct httpd *httpd = call->httpd;

	call->reply = *reply;
	call->state = CALL_IS_ANSWERED;
	MHD_resume_connection(call->connection); /* whose thread may free the call from here on */
	leave(httpd, &httpd->n_unanswered);
}

static void work(void *owner, void *thing)
{
	struct httpd *httpd = owner;
	struct httpd_call *call = thing;
	struct httpd_reply reply = { 0 };
	bool is_deferred = false; /* not in the call, which may be gone then */

	call->is_deferred = &is_deferred;
	httpd->options.handle(httpd->options.owner, &call->request, &reply);
	if (!is_deferred)
		httpd_answer(call, &reply);
}

static enum MHD_Result answer_at_once(struct httpd_call *call)
{
	struct httpd *httpd = call->httpd;

	httpd->options.handle(httpd->options.owner, &call->request, &call->reply);
	call->state = CALL_IS_ANSWERED;
	leave(httpd, &httpd->n_unanswered);
	return httpd_reply_queue(call);
}

/* All of the request is there. */
static enum MHD_Result dispatch(struct httpd_call *call)
{
	struct httpd *httpd = call->httpd;
	unsigned lane = call->terms.lane;
	struct httpd_reply reply;

	hold(httpd, call->connection);
	call->request.body = buf_view(&call->body);
	if (!enter(call)) {
		httpd_body_refuse(
			call, MHD_HTTP_SERVICE_UNAVAILABLE, "the server is being stopped");
		return httpd_reply_queue(call);
	}
	if (lane == 0)
		return answer_at_once(call);
	call->state = CALL_WAITS;
	MHD_suspend_connection(call->connection);
	if (workers_give(httpd->lanes[lane - 1], call))
		return MHD_YES;
	httpd_body_refuse(call, MHD_HTTP_SERVICE_UNAVAILABLE,
		"%zu such requests wait already: try again",
		httpd->options.lanes[lane - 1].waiting_max);
	reply = call->reply;
	httpd_answer(call, &reply);
	return MHD_YES;
}

static struct httpd_call *call_new(struct httpd *httpd, struct MHD_Connection *connection,
	const char *path, const char *method)
{
	struct httpd_call *call = calloc(1, sizeof(*call));
	const char *host;

	if (!call)
		return NULL;
	call->httpd = httpd;
	call->connection = connection;
	call->request.method = method;
	call->request.path = path;
	call->request.call = call;
	host = httpd_header(&call->request, MHD_HTTP_HEADER_HOST);
	call->request.host = host ? host : "";
	call->request.takes_gzip =
		takes_gzip(httpd_header(&call->request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	return call;
}

static enum MHD_Result on_headers(struct httpd_call *call)
{
	if (call->httpd->clients_prove && !httpd_tls_is_proven(call->connection))
		httpd_body_refuse(call, MHD_HTTP_FORBIDDEN,
			"this server wants a certificate of its clients, signed by its authority");
	else
		httpd_body_admit(call);
	return call->state == CALL_IS_ANSWERED ? httpd_reply_queue(call) : MHD_YES;
}

/* Called with the headers, then with each piece of the body, then with its end, and once more after
 * a suspended connection was resumed. */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_len,
	void **state)
{
	struct httpd_call *call = *state;
	size_t len = *upload_len;

	(void)version;
	if (!call) {
		*state = call = call_new(owner, connection, url, method);
		return call ? on_headers(call) : MHD_NO;
	}
	if (len) {
		*upload_len = 0;
		return httpd_body_add(call, upload, len) ? MHD_YES : MHD_NO;
	}
	if (call->state == CALL_READS)
		return dispatch(call);
	return call->state == CALL_WAITS ? MHD_YES : httpd_reply_queue(call);
}

static struct MHD_Daemon *start_daemon(struct httpd *httpd, const struct tls_files *tls_files)
{
	const struct httpd_options *o = &httpd->options;

	struct MHD_OptionItem tls[HTTPD_TLS_OPTIONS];
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;

	httpd_tls_options(tls_files, tls);
	return MHD_start_daemon(flags | (tls_files ? (unsigned)MHD_USE_TLS : 0), 0, NULL, NULL,
		on_request, httpd, MHD_OPTION_LISTEN_SOCKET, o->fd, MHD_OPTION_THREAD_POOL_SIZE,
		o->threads ? o->threads : THREADS, MHD_OPTION_CONNECTION_LIMIT,
		o->connections_max ? o->connections_max : CONNECTIONS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		o->connections_of_address_max ? o->connections_of_address_max
					      : CONNECTIONS_OF_ADDRESS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADERS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
		SILENCE_MAX_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, httpd, MHD_OPTION_NOTIFY_COMPLETED, on_answered, httpd,
		MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static bool start_lanes(struct httpd *httpd)
{
	for (size_t i = 0; i < httpd->options.n_lanes; i++) {
		httpd->lanes[i] = workers_new(
			&(struct workers_options){ .threads = httpd->options.lanes[i].threads,
				.waiting_max = httpd->options.lanes[i].waiting_max,
				.work = work,
				.owner = httpd });
		if (!httpd->lanes[i])
			return false;
	}
	return true;
}

static void dispose(struct httpd *httpd)
{
	for (size_t i = 0; i < HTTPD_LANES_MAX; i++)
		workers_free(httpd->lanes[i]);
	patience_free(httpd->patience);
	pthread_cond_destroy(&httpd->change);
	pthread_mutex_destroy(&httpd->lock);
	free(httpd);
}

int httpd_start(const struct httpd_options *options, struct httpd **ret, struct err *err)
{
	struct httpd *httpd = calloc(1, sizeof(*httpd));

	if (!httpd) {
		close(options->fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	httpd->options = *options;
	httpd->options.tls = NULL; /* libmicrohttpd has what it needs once it has started */
	httpd->clients_prove = options->tls && options->tls->client_ca.len;
	if (!httpd->options.time_ms)
		httpd->options.time_ms = HTTPD_TIME_MS;
	if (!httpd->options.rate_min)
		httpd->options.rate_min = HTTPD_RATE_MIN;
	pthread_mutex_init(&httpd->lock, NULL);
	pthread_cond_init(&httpd->change, NULL);
	httpd->patience = patience_new();
	if (httpd->patience && start_lanes(httpd))
		httpd->daemon = start_daemon(httpd, options->tls);
	if (!httpd->daemon) {
		dispose(httpd);
		close(options->fd);
		return err_set(err, ERR_IO, "cannot start the HTTP server");
	}
	*ret = httpd;
	return 0;
}

static void wait_for_answers(struct httpd *httpd)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += httpd->options.drain_ms / 1000;
	until.tv_nsec += (long)(httpd->options.drain_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&httpd->lock);
	while (httpd->n_unanswered)
		pthread_cond_wait(&httpd->change, &httpd->lock);
	while (httpd->options.drain_ms && httpd->n_unsent &&
		pthread_cond_timedwait(&httpd->change, &httpd->lock, &until) == 0)
		continue;
	pthread_mutex_unlock(&httpd->lock);
}

void httpd_stop(struct httpd *httpd)
{
	MHD_socket listening;

	if (!httpd)
		return;
	pthread_mutex_lock(&httpd->lock);
	atomic_store(&httpd->is_stopping, true);
	pthread_mutex_unlock(&httpd->lock);
	listening = MHD_quiesce_daemon(httpd->daemon);
	wait_for_answers(httpd);
	MHD_stop_daemon(httpd->daemon);
	if (listening != MHD_INVALID_SOCKET)
		close(listening);
	dispose(httpd);
}
