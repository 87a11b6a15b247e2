/* test_address: HOST:PORT as people type it, and sockets that really listen. */
#include "testing.h"

#include <unistd.h>

#include "net/address.h"

static void parses(const char *text, const char *host, unsigned port)
{
	struct address address;

	assert_int_equal(address_parse(text, &address, NULL), 0);
	assert_string_equal(address.host, host);
	assert_int_equal(address.port, port);
}

static void hosts_with_ports_are_read(void **state)
{
	parses("127.0.0.1:9090", "127.0.0.1", 9090);
	parses("localhost:0", "localhost", 0);
	parses("[::1]:65535", "::1", 65535);
	parses(":80", "127.0.0.1", 80);
}

static void what_is_no_address_is_refused_with_a_sentence(void **state)
{
	const char *const wrong[] = { "", "localhost", "host:", "host:65536", "host:-1", "host:9x",
		"::1:80", "1:2:3" };
	struct address address;
	struct err err;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(address_parse(wrong[i], &address, &err), ERR_USAGE);
		assert_true(strlen(err.text) > 10);
	}
}

static bool is_loopback(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address, NULL), 0);
	return address_is_loopback(&address);
}

static void loopback_is_what_only_this_machine_reaches(void **state)
{
	assert_true(is_loopback("127.0.0.1:1"));
	assert_true(is_loopback("127.8.9.1:1"));
	assert_true(is_loopback("localhost:1"));
	assert_true(is_loopback("[::1]:1"));
	assert_false(is_loopback("0.0.0.0:1"));
	assert_false(is_loopback("[::]:1"));
	assert_false(is_loopback("10.0.0.1:1"));
	assert_false(is_loopback("localhost.example:1"));
}

static void port_zero_is_a_free_one_and_a_taken_one_is_told(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	uint16_t port, other;
	bool taken;
	int first = address_listen(&address, &port, &taken, NULL);
	struct err err;

	assert_true(first >= 0);
	assert_true(port > 0);
	address.port = port;
	assert_true(address_listen(&address, &other, &taken, &err) < 0);
	assert_true(taken);
	close(first);
}

static void an_address_is_a_url_with_brackets_where_it_needs_them(void **state)
{
	char url[ADDRESS_URL_MAX];

	(void)state;
	address_url(&(struct address){ "127.0.0.1", 4040 }, "http", url);
	assert_string_equal(url, "http://127.0.0.1:4040/");
	address_url(&(struct address){ "::1", 80 }, "https", url);
	assert_string_equal(url, "https://[::1]:80/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_a_url_with_brackets_where_it_needs_them),
		cmocka_unit_test(hosts_with_ports_are_read),
		cmocka_unit_test(what_is_no_address_is_refused_with_a_sentence),
		cmocka_unit_test(loopback_is_what_only_this_machine_reaches),
		cmocka_unit_test(port_zero_is_a_free_one_and_a_taken_one_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
