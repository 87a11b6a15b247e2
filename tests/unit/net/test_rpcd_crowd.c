/* test_rpcd_crowd: how many connections there may be, and how long without a word. */
#include "testing.h"

#include <errno.h>

#include "net/address.h"
#include "net/rpc_socket.h"

static void handle(void *owner, struct rpcd_call *call)
{
	struct rpcd_reply reply = { 0 };

	rpcd_answer(call, &reply);
}

static struct rpcd *serve(struct rpcd_options *options, uint16_t *ret_port)
{
	struct address address = { .host = "127.0.0.1" };
	struct rpcd *rpcd;
	bool taken;

	options->handle = handle;
	options->fd = address_listen(&address, ret_port, &taken, NULL);
	assert_int_equal(rpcd_start(options, &rpcd, NULL), 0);
	return rpcd;
}

static void an_address_has_so_many_and_no_more(void **state)
{
	struct rpcd_options options = { .connections_of_address_max = 2 };
	struct rpc_client client;
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int first = rpc_socket_open(port), second = rpc_socket_open(port);
	int third = rpc_socket_open(port);

	assert_true(rpc_socket_ends(third));
	rpc_client_init(&client);
	rpc_client_call(&client, "/a", VIEW(""), NULL, NULL);
	assert_true(rpc_socket_talk(&client, second));
	close(first);
	close(second);
	close(third);
	rpc_client_fini(&client);
	rpcd_stop(rpcd);
}

static void who_says_nothing_is_let_go(void **state)
{
	struct rpcd_options options = { .time_ms = 200 };
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int fd = rpc_socket_open(port);

	assert_true(rpc_socket_ends(fd));
	close(fd);
	rpcd_stop(rpcd);
}

static void who_calls_no_more_is_told_and_let_go(void **state)
{
	struct rpcd_options options = { .idle_ms = 200 };
	struct rpc_client client;
	uint16_t port;
	struct rpcd *rpcd = serve(&options, &port);
	int fd = rpc_socket_open(port);

	rpc_client_init(&client);
	rpc_client_call(&client, "/a", VIEW(""), NULL, NULL);
	assert_true(rpc_socket_talk(&client, fd));
	client.is_closed = false;
	assert_false(rpc_socket_talk(&client, fd));
	assert_true(client.said_goodbye);
	assert_int_equal(client.goodbye, NGHTTP2_NO_ERROR);
	close(fd);
	rpc_client_fini(&client);
	rpcd_stop(rpcd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_so_many_and_no_more),
		cmocka_unit_test(who_says_nothing_is_let_go),
		cmocka_unit_test(who_calls_no_more_is_told_and_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
