/* test_tls_files: a certificate with its key is taken, and no other pair. */
#include "testing.h"

#include "certificates.h"
#include "net/tls_files.h"

static int start(void **state)
{
	return certificates_make();
}

static int stop(void **state)
{
	return certificates_remove();
}

static int read(const char *cert, const char *key, const char *ca, struct err *err)
{
	struct tls_files files;
	int code = tls_files_read(&files, certificates_path(cert), certificates_path(key),
		ca ? certificates_path(ca) : NULL, err);

	if (code == 0) {
		assert_non_null(strstr(files.cert.at, "BEGIN CERTIFICATE"));
		assert_int_equal(files.cert.at[files.cert.len - 1], '\0');
		assert_int_equal(files.client_ca.len > 0, ca != NULL);
		tls_files_fini(&files);
	}
	return code;
}

static void a_pair_is_taken(void **state)
{
	assert_int_equal(read("server.pem", "server.key", NULL, NULL), 0);
	assert_int_equal(read("server.pem", "server.key", "ca.pem", NULL), 0);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct err err = { 0 };

	assert_int_equal(read("server.pem", "client.key", NULL, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "server.pem with key"));
	assert_int_equal(read("server.key", "server.key", NULL, &err), ERR_CORRUPT);
	assert_int_equal(read("server.pem", "server.key", "server.key", &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "certificates "));
	assert_int_equal(read("gone.pem", "server.key", NULL, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "gone.pem"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_taken),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
