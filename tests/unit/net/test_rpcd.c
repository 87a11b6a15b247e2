/* test_rpcd: the whole server on a real socket: answers at once, later, and at its end. */
#include "testing.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "net/address.h"
#include "net/rpc_socket.h"

struct later {
	pthread_mutex_t lock;
	struct rpcd_call *call;
};

static void echo(void *owner, struct rpcd_call *call)
{
	struct rpcd_reply reply = { 0 };

	buf_add_view(&reply.message, rpcd_message(call));
	rpcd_answer(call, &reply);
}

static void keep(void *owner, struct rpcd_call *call)
{
	struct later *later = owner;

	pthread_mutex_lock(&later->lock);
	later->call = call;
	pthread_mutex_unlock(&later->lock);
}

static struct rpcd_call *kept(struct later *later)
{
	struct rpcd_call *call = NULL;

	for (int i = 0; i < 1000 && !call; i++) {
		pthread_mutex_lock(&later->lock);
		call = later->call;
		pthread_mutex_unlock(&later->lock);
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	assert_non_null(call);
	return call;
}

static struct rpcd *serve(struct rpcd_options *options, uint16_t *ret_port)
{
	struct address address = { .host = "127.0.0.1" };
	struct rpcd *rpcd;
	bool taken;

	options->fd = address_listen(&address, ret_port, &taken, NULL);
	assert_true(options->fd >= 0);
	assert_int_equal(rpcd_start(options, &rpcd, NULL), 0);
	return rpcd;
}

static void calls_follow_each_other_on_a_connection(void **state)
{
	struct rpcd_options options = { .handle = echo };
	struct rpc_client client;
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int fd = rpc_socket_open(port);

	rpc_client_init(&client);
	for (int i = 0; i < 20; i++) {
		rpc_client_call(&client, "/a", VIEW("echo"), NULL, NULL);
		assert_true(rpc_socket_talk(&client, fd));
		assert_int_equal(client.answer.len, 9);
		assert_memory_equal(client.answer.at, "\0\0\0\0\4echo", 9);
	}
	close(fd);
	rpc_client_fini(&client);
	rpcd_stop(rpcd);
}

static void *stop(void *rpcd)
{
	rpcd_stop(rpcd);
	return NULL;
}

static void the_end_waits_for_what_has_begun(void **state)
{
	struct later later = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct rpcd_options options = { .handle = keep, .owner = &later, .drain_ms = 10000 };
	struct rpcd_reply reply = { 0 };
	struct rpc_client client;
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int fd = rpc_socket_open(port);
	pthread_t thread;

	rpc_client_init(&client);
	rpc_client_call(&client, "/a", VIEW("q"), NULL, NULL);
	rpc_socket_send(&client, fd);
	kept(&later);
	assert_int_equal(pthread_create(&thread, NULL, stop, rpcd), 0);
	while (!client.said_goodbye) {
		uint8_t bytes[4096];
		ssize_t len = recv(fd, bytes, sizeof(bytes), 0);

		assert_true(len > 0);
		nghttp2_session_mem_recv(client.http2, bytes, (size_t)len);
	}
	assert_false(client.is_closed);
	buf_add_text(&reply.message, "at last");
	rpcd_answer(later.call, &reply);
	assert_true(rpc_socket_talk(&client, fd));
	assert_true(rpc_client_has(&client, "grpc-status: 0\n"));
	pthread_join(thread, NULL);
	close(fd);
	rpc_client_fini(&client);
}

static void who_left_is_answered_to_nobody(void **state)
{
	struct later later = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct rpcd_options options = { .handle = keep, .owner = &later };
	struct rpcd_reply reply = { 0 };
	struct rpc_client client;
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int fd = rpc_socket_open(port);

	rpc_client_init(&client);
	rpc_client_call(&client, "/a", VIEW("q"), NULL, NULL);
	rpc_socket_send(&client, fd);
	kept(&later);
	close(fd);
	nanosleep(&(struct timespec){ 0, 50000000 }, NULL); /* either order is fine */
	buf_add_text(&reply.message, "x");
	rpcd_answer(later.call, &reply);
	rpcd_stop(rpcd);
	rpc_client_fini(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_follow_each_other_on_a_connection),
		cmocka_unit_test(the_end_waits_for_what_has_begun),
		cmocka_unit_test(who_left_is_answered_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
