/* test_dns: records of a real name server (dnsmasq) on loopback. */
#include "testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/address.h"
#include "net/dns.h"

static pid_t pid;
static char server[32];

static uint16_t free_port(void)
{
	struct address address = { .host = "127.0.0.1" };
	uint16_t port = 0;
	bool taken;

	close(address_listen(&address, &port, &taken, NULL));
	return port;
}

static int start(void **state)
{
	char port[16];

	snprintf(server, sizeof(server), "127.0.0.1:%u", free_port());
	snprintf(port, sizeof(port), "%s", strchr(server, ':') + 1);
	if (access("/usr/sbin/dnsmasq", X_OK) != 0) {
		puts("SKIP: there is no dnsmasq here");
		exit(77);
	}
	pid = fork();
	if (pid == 0) {
		execl("/usr/sbin/dnsmasq", "dnsmasq", "--keep-in-foreground",
			"--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces",
			"--listen-address=127.0.0.1", "--pid-file", "--user=root", "--port", port,
			"--host-record=shop.test,127.0.0.1,::1",
			"--host-record=shop.test,127.0.0.2",
			"--srv-host=_pprof._tcp.shop.test,a.shop.test,6060",
			"--srv-host=_pprof._tcp.shop.test,b.shop.test,6061", "--local=/test/",
			NULL);
		_exit(127);
	}
	return pid > 0 ? 0 : -1;
}

static int stop(void **state)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return 0;
}

static void on_address(void *owner, const char *address)
{
	struct buf *all = owner;

	buf_add_format(all, "%s ", address);
}

static int find(const char *name, enum dns_record record, struct buf *all, struct err *err)
{
	struct dns_question question = { name, record, 6060, server };
	int code = ERR_IO;

	for (int i = 0; i < 50 && code == ERR_IO; i++) { /* until it listens */
		buf_clear(all);
		code = dns_find(&question, on_address, all, err);
		if (code == ERR_IO)
			usleep(100000);
	}
	buf_add_char(all, '\0');
	return code;
}

static void each_record_is_an_address(void **state)
{
	BUF_AUTO all = { 0 };
	struct err err = { 0 };

	if (find("shop.test", DNS_A, &all, &err))
		fail_msg("%s", err.text);
	assert_non_null(strstr(all.at, "127.0.0.1:6060 "));
	assert_non_null(strstr(all.at, "127.0.0.2:6060 "));
	assert_int_equal(find("shop.test", DNS_AAAA, &all, &err), 0);
	assert_string_equal(all.at, "[::1]:6060 ");
	assert_int_equal(find("_pprof._tcp.shop.test", DNS_SRV, &all, &err), 0);
	assert_non_null(strstr(all.at, "a.shop.test:6060 "));
	assert_non_null(strstr(all.at, "b.shop.test:6061 "));
}

static void a_name_that_is_not_there_is_said(void **state)
{
	BUF_AUTO all = { 0 };
	struct err err = { 0 };

	assert_int_equal(find("gone.test", DNS_A, &all, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "looking up gone.test: "));
	assert_int_equal(find("shop.test", DNS_SRV, &all, &err), ERR_NOT_FOUND);
}

static void a_server_that_is_none_is_refused(void **state)
{
	struct dns_question question = { "shop.test", DNS_A, 1, "nowhere:x" };
	struct err err = { 0 };

	assert_int_equal(dns_find(&question, on_address, NULL, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "'nowhere:x'"));
}

static void nobody_there_is_an_error_in_bounded_time(void **state)
{
	struct dns_question question = { "shop.test", DNS_A, 1, "127.0.0.1:1" };
	struct err err = { 0 };

	assert_int_equal(dns_find(&question, on_address, NULL, &err), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_record_is_an_address),
		cmocka_unit_test(a_name_that_is_not_there_is_said),
		cmocka_unit_test(a_server_that_is_none_is_refused),
		cmocka_unit_test(nobody_there_is_an_error_in_bounded_time),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
