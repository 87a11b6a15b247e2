/*
 * tls_files: a certificate and its key, read from their files and checked before they are used.
 */
#ifndef NET_TLS_FILES_H
#define NET_TLS_FILES_H

#include "base/buf.h"
#include "base/err.h"

/* PEM, each ending in NUL; empty where no file was named. */
struct tls_files {
	struct buf cert; /* the server's, then those that signed it */
	struct buf key;
	struct buf client_ca; /* who signs our clients' certificates; then each has to show one */
};

/* client_ca_file may be NULL. ERR_CORRUPT: no PEM, or a key that is not the certificate's. */
int tls_files_read(struct tls_files *files, const char *cert_file, const char *key_file,
	const char *client_ca_file, struct err *err);
void tls_files_fini(struct tls_files *files);

#endif
