/* test_rpcd_link: plain bytes, and bytes through TLS, which has to be for HTTP/2. */
#include "testing.h"

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "certificates.h"
#include "net/rpcd_impl.h"

struct client {
	int fd;
	const char *protocol, *cert, *key;
	int code; /* of its handshake, or of its reading */
	char got[16];
};

/* Shakes hands, says "hello", and reads what is said back. */
static void *run(void *owner)
{
	struct client *c = owner;
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t protocol = { (unsigned char *)c->protocol, (unsigned)strlen(c->protocol) };
	gnutls_session_t tls;

	gnutls_certificate_allocate_credentials(&credentials);
	if (c->cert)
		gnutls_certificate_set_x509_key_file(
			credentials, c->cert, c->key, GNUTLS_X509_FMT_PEM);
	gnutls_init(&tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(tls);
	gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_alpn_set_protocols(tls, &protocol, 1, 0);
	gnutls_transport_set_int(tls, c->fd);
	do
		c->code = gnutls_handshake(tls);
	while (c->code < 0 && !gnutls_error_is_fatal(c->code));
	if (c->code == 0)
		c->code = (int)gnutls_record_send(tls, "hello", 5);
	if (c->code == 5)
		c->code = (int)gnutls_record_recv(tls, c->got, sizeof(c->got) - 1);
	gnutls_deinit(tls);
	gnutls_certificate_free_credentials(credentials);
	close(c->fd);
	return NULL;
}

/* Reads until there is something; what rpcd_link_read says. */
static long read_some(struct rpcd_link *link, char *into, size_t len)
{
	long n = RPCD_LINK_AGAIN;

	for (int i = 0; i < 100 && n == RPCD_LINK_AGAIN; i++) {
		struct pollfd ready = { .fd = link->fd,
			.events = POLLIN | (link->wants_write ? POLLOUT : 0) };

		poll(&ready, 1, 100);
		n = rpcd_link_read(link, into, len);
	}
	return n;
}

static long talk(struct client *client, const struct rpcd_trust *trust)
{
	struct rpcd_link link;
	char bytes[16] = "";
	pthread_t thread;
	int fds[2];
	long n;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_true(rpcd_link_open(&link, fds[0], trust));
	fcntl(fds[1], F_SETFL, 0);
	client->fd = fds[1];
	pthread_create(&thread, NULL, run, client);
	n = read_some(&link, bytes, sizeof(bytes));
	if (n == 5) {
		assert_string_equal(bytes, "hello");
		assert_false(rpcd_link_has_more(&link));
		assert_int_equal(rpcd_link_write(&link, VIEW("welcome")), 7);
	}
	rpcd_link_close(&link);
	pthread_join(thread, NULL);
	return n;
}

static struct rpcd_trust *trust_of(const char *client_ca)
{
	struct rpcd_trust *trust;
	struct tls_files files;

	assert_int_equal(tls_files_read(&files, certificates_path("server.pem"),
				 certificates_path("server.key"), client_ca, NULL),
		0);
	assert_int_equal(rpcd_link_trust(&files, &trust, NULL), 0);
	tls_files_fini(&files);
	return trust;
}

static int start(void **state)
{
	return certificates_make();
}

static int stop(void **state)
{
	return certificates_remove();
}

static void plain_bytes_go_as_they_are(void **state)
{
	struct rpcd_link link;
	char bytes[16] = "";
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_true(rpcd_link_open(&link, fds[0], NULL));
	assert_int_equal(rpcd_link_read(&link, bytes, sizeof(bytes)), RPCD_LINK_AGAIN);
	assert_int_equal(rpcd_link_write(&link, VIEW("abc")), 3);
	assert_int_equal(read(fds[1], bytes, sizeof(bytes)), 3);
	assert_int_equal(write(fds[1], "de", 2), 2);
	assert_int_equal(rpcd_link_read(&link, bytes, sizeof(bytes)), 2);
	close(fds[1]);
	assert_int_equal(rpcd_link_read(&link, bytes, sizeof(bytes)), 0);
	assert_int_equal(rpcd_link_write(&link, VIEW("f")), RPCD_LINK_FAILED);
	rpcd_link_close(&link);
}

static void tls_is_for_http2_alone(void **state)
{
	struct rpcd_trust *trust = trust_of(NULL);
	struct client good = { .protocol = "h2" }, bad = { .protocol = "http/1.1" };

	assert_int_equal(talk(&good, trust), 5);
	assert_string_equal(good.got, "welcome");
	assert_int_equal(talk(&bad, trust), RPCD_LINK_FAILED);
	assert_true(bad.code < 0);
	rpcd_link_trust_free(trust);
}

static void clients_may_have_to_prove_themselves(void **state)
{
	struct rpcd_trust *trust = trust_of(certificates_path("ca.pem"));
	struct client known = { .protocol = "h2" }, nobody = { .protocol = "h2" };
	struct client stranger = { .protocol = "h2" };

	known.cert = certificates_path("client.pem");
	known.key = certificates_path("client.key");
	assert_int_equal(talk(&known, trust), 5);
	assert_int_equal(talk(&nobody, trust), RPCD_LINK_FAILED);
	stranger.cert = certificates_path("stranger.pem");
	stranger.key = certificates_path("stranger.key");
	assert_int_equal(talk(&stranger, trust), RPCD_LINK_FAILED);
	rpcd_link_trust_free(trust);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_bytes_go_as_they_are),
		cmocka_unit_test(tls_is_for_http2_alone),
		cmocka_unit_test(clients_may_have_to_prove_themselves),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
