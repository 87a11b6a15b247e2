/* test_httpd_tls: HTTPS as a client sees it; where clients must prove themselves, only those who
 * can. */
#include "testing.h"

#include "certificates.h"
#include "net/address.h"
#include "net/fetches.h"
#include "net/httpd.h"
#include <pthread.h>

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	ret->body = VIEW("the profile");
}

static int start(void **state)
{
	return certificates_make();
}

static int stop(void **state)
{
	return certificates_remove();
}

struct answer {
	int code;
	char text[512];
};

static void on_done(void *owner, const struct fetches_answer *got)
{
	struct answer *answer = owner;

	answer->code = got->code;
	snprintf(answer->text, sizeof(answer->text), "%.*s", got->code ? 500 : (int)got->body->len,
		got->code ? got->err->text : got->body->at);
}

static struct httpd *serve(const char *client_ca, uint16_t *ret_port)
{
	struct address address = { .host = "127.0.0.1" };
	struct tls_files tls;
	struct httpd_options options = { .handle = handle, .tls = &tls };
	struct httpd *httpd;
	bool taken;

	assert_int_equal(tls_files_read(&tls, certificates_path("server.pem"),
				 certificates_path("server.key"), client_ca, NULL),
		0);
	options.fd = address_listen(&address, ret_port, &taken, NULL);
	assert_int_equal(httpd_start(&options, &httpd, NULL), 0);
	tls_files_fini(&tls);
	return httpd;
}

static struct answer ask(const char *scheme, uint16_t port, struct fetch_trust trust)
{
	struct answer answer = { .code = 1 };
	char url[64];
	struct fetches_request request = {
		.ask = { .url = url, .limits = { 1000, 10 }, .trust = trust },
		.done = on_done,
		.owner = &answer
	};
	struct fetches *fetches;

	snprintf(url, sizeof(url), "%s://localhost:%u/", scheme, port);
	assert_int_equal(fetches_new(1, &fetches, NULL), 0);
	assert_int_equal(fetches_add(fetches, &request, NULL), 0);
	for (int i = 0; i < 1000 && __atomic_load_n(&answer.code, __ATOMIC_ACQUIRE) == 1; i++)
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	fetches_free(fetches);
	return answer;
}

static void a_server_proves_itself(void **state)
{
	uint16_t port;
	struct httpd *httpd = serve(NULL, &port);
	const char *ca = certificates_path("ca.pem");

	assert_string_equal(
		ask("https", port, (struct fetch_trust){ .ca_file = ca }).text, "the profile");
	assert_int_equal(ask("https", port, (struct fetch_trust){ 0 }).code, ERR_IO);
	assert_int_equal(
		ask("https", port, (struct fetch_trust){ .insecure_skip_verify = true }).code, 0);
	assert_int_equal(ask("http", port, (struct fetch_trust){ 0 }).code, ERR_IO);
	httpd_stop(httpd);
}

static struct fetch_trust with(const char *who)
{
	char cert[32], key[32];

	snprintf(cert, sizeof(cert), "%s.pem", who);
	snprintf(key, sizeof(key), "%s.key", who);
	return (struct fetch_trust){ .ca_file = certificates_path("ca.pem"),
		.cert_file = certificates_path(cert),
		.key_file = certificates_path(key) };
}

static void a_client_proves_itself_where_it_must(void **state)
{
	uint16_t port;
	struct httpd *httpd = serve(certificates_path("ca.pem"), &port);
	struct answer answer = ask("https", port, with("client"));

	assert_string_equal(answer.text, "the profile");
	answer = ask("https", port, (struct fetch_trust){ .ca_file = certificates_path("ca.pem") });
	assert_int_equal(answer.code, ERR_DENIED);
	assert_non_null(strstr(answer.text, "wants a certificate of its clients"));
	answer = ask("https", port, with("stranger"));
	assert_true(answer.code < 0);
	httpd_stop(httpd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_proves_itself),
		cmocka_unit_test(a_client_proves_itself_where_it_must),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
