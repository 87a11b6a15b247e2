/* tls_files: a certificate and its key, read from their files and checked. */
#include "net/tls_files.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>

#include "base/disk.h"

#define PEM_MAX ((size_t)1 << 20)

static int read_pem(const char *path, struct buf *pem, struct err *err)
{
	int code = path ? disk_read(path, PEM_MAX, pem, err) : 0;

	if (code == 0 && path) {
		buf_add_char(pem, '\0');
		if (pem->failed)
			code = err_set(err, ERR_NOMEM, "out of memory");
	}
	return code;
}

static gnutls_datum_t datum(const struct buf *pem)
{
	return (gnutls_datum_t){ (unsigned char *)pem->at,
		(unsigned)(pem->len ? pem->len - 1 : 0) };
}

/* As a server would load them: GnuTLS compares the key with the certificate. */
static int check_pair(
	const struct tls_files *files, const char *cert_file, const char *key_file, struct err *err)
{
	gnutls_datum_t cert = datum(&files->cert), key = datum(&files->key);
	gnutls_certificate_credentials_t credentials;
	int code = gnutls_certificate_allocate_credentials(&credentials);

	if (code < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	code = gnutls_certificate_set_x509_key_mem2(
		credentials, &cert, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_certificate_free_credentials(credentials);
	if (code >= 0)
		return 0;
	return err_set(err, ERR_CORRUPT, "certificate %s with key %s: %s", cert_file, key_file,
		gnutls_strerror(code));
}

static int check_authority(const struct tls_files *files, const char *path, struct err *err)
{
	gnutls_datum_t pem = datum(&files->client_ca);
	gnutls_x509_crt_t *list;
	unsigned n;
	int code = gnutls_x509_crt_list_import2(&list, &n, &pem, GNUTLS_X509_FMT_PEM, 0);

	if (code < 0)
		return err_set(
			err, ERR_CORRUPT, "certificates %s: %s", path, gnutls_strerror(code));
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(list[i]);
	free(list); /* gnutls_free() is that, and a variable */
	return 0;
}

int tls_files_read(struct tls_files *files, const char *cert_file, const char *key_file,
	const char *client_ca_file, struct err *err)
{
	int code;

	*files = (struct tls_files){ 0 };
	code = read_pem(cert_file, &files->cert, err);
	if (code == 0)
		code = read_pem(key_file, &files->key, err);
	if (code == 0)
		code = read_pem(client_ca_file, &files->client_ca, err);
	if (code == 0)
		code = check_pair(files, cert_file, key_file, err);
	if (code == 0 && client_ca_file)
		code = check_authority(files, client_ca_file, err);
	if (code)
		tls_files_fini(files);
	return code;
}

void tls_files_fini(struct tls_files *files)
{
	if (files->key.at)
		gnutls_memset(files->key.at, 0, files->key.len);
	buf_fini(&files->cert);
	buf_fini(&files->key);
	buf_fini(&files->client_ca);
}
