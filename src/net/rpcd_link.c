/* rpcd_link: the bytes of one connection, plain or through TLS. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/rpcd_impl.h"

#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct rpcd_trust {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t versions;
	bool clients_prove;
};

static gnutls_datum_t datum(const struct buf *pem)
{
	return (gnutls_datum_t){ (unsigned char *)pem->at,
		(unsigned)(pem->len ? pem->len - 1 : 0) };
}

static int fill(struct rpcd_trust *trust, const struct tls_files *files)
{
	gnutls_datum_t cert = datum(&files->cert), key = datum(&files->key);
	gnutls_datum_t authority = datum(&files->client_ca);
	int code = gnutls_certificate_allocate_credentials(&trust->credentials);

	if (code >= 0)
		code = gnutls_priority_init(&trust->versions, TLS_VERSIONS, NULL);
	if (code >= 0)
		code = gnutls_certificate_set_x509_key_mem2(
			trust->credentials, &cert, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (code >= 0 && authority.size)
		code = gnutls_certificate_set_x509_trust_mem(
			trust->credentials, &authority, GNUTLS_X509_FMT_PEM);
	trust->clients_prove = authority.size;
	return code;
}

int rpcd_link_trust(const struct tls_files *files, struct rpcd_trust **ret, struct err *err)
{
	struct rpcd_trust *trust = calloc(1, sizeof(*trust));
	int code;

	if (!trust)
		return err_set(err, ERR_NOMEM, "out of memory");
	code = fill(trust, files);
	if (code >= 0) {
		*ret = trust;
		return 0;
	}
	rpcd_link_trust_free(trust);
	return err_set(
		err, ERR_CORRUPT, "certificate of the gRPC server: %s", gnutls_strerror(code));
}

void rpcd_link_trust_free(struct rpcd_trust *trust)
{
	if (!trust)
		return;
	if (trust->credentials)
		gnutls_certificate_free_credentials(trust->credentials);
	if (trust->versions)
		gnutls_priority_deinit(trust->versions);
	free(trust);
}

static bool open_tls(struct rpcd_link *link, const struct rpcd_trust *trust)
{
	static const gnutls_datum_t h2 = { (unsigned char *)"h2", 2 };
	gnutls_session_t tls;

	if (gnutls_init(&tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	link->tls = tls;
	link->clients_prove = trust->clients_prove;
	gnutls_transport_set_int(tls, link->fd);
	gnutls_handshake_set_timeout(tls, GNUTLS_INDEFINITE_TIMEOUT); /* the server has its own */
	if (trust->clients_prove)
		gnutls_certificate_server_set_request(tls, GNUTLS_CERT_REQUIRE);
	return gnutls_priority_set(tls, trust->versions) >= 0 &&
	       gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, trust->credentials) >= 0 &&
	       gnutls_alpn_set_protocols(tls, &h2, 1, GNUTLS_ALPN_MANDATORY) >= 0;
}

bool rpcd_link_open(struct rpcd_link *link, int fd, const struct rpcd_trust *trust)
{
	*link = (struct rpcd_link){ .fd = fd, .is_shaken = !trust };
	if (!trust || open_tls(link, trust))
		return true;
	if (link->tls)
		gnutls_deinit(link->tls);
	return false;
}

void rpcd_link_close(struct rpcd_link *link)
{
	if (link->tls) {
		if (link->is_shaken)
			gnutls_bye(link->tls, GNUTLS_SHUT_WR);
		gnutls_deinit(link->tls);
	}
	close(link->fd);
}

static bool is_again(ssize_t code)
{
	return code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED;
}

/* Whether the client showed a certificate that our authority signed. */
static bool is_proven(struct rpcd_link *link)
{
	unsigned faults = 1;

	return !link->clients_prove ||
	       (gnutls_certificate_verify_peers2(link->tls, &faults) >= 0 && faults == 0);
}

/* 1 once it is done. A client that speaks no h2 ends here: ALPN is mandatory. */
static long shake(struct rpcd_link *link)
{
	gnutls_datum_t chosen;
	int code = gnutls_handshake(link->tls);

	link->wants_write = code < 0 && gnutls_record_get_direction(link->tls) == 1;
	if (is_again(code) || (code < 0 && !gnutls_error_is_fatal(code)))
		return RPCD_LINK_AGAIN;
	if (code < 0 || !is_proven(link) ||
		gnutls_alpn_get_selected_protocol(link->tls, &chosen) < 0)
		return RPCD_LINK_FAILED;
	link->is_shaken = true;
	link->wants_write = false;
	return 1;
}

static long plain_result(ssize_t n)
{
	if (n >= 0)
		return (long)n;
	return errno == EAGAIN || errno == EINTR ? RPCD_LINK_AGAIN : RPCD_LINK_FAILED;
}

long rpcd_link_read(struct rpcd_link *link, void *into, size_t len)
{
	long shaken;
	ssize_t n;

	if (!link->tls)
		return plain_result(recv(link->fd, into, len, MSG_DONTWAIT));
	if (!link->is_shaken && (shaken = shake(link)) != 1)
		return shaken;
	n = gnutls_record_recv(link->tls, into, len);
	if (n >= 0)
		return (long)n;
	return is_again(n) ? RPCD_LINK_AGAIN : RPCD_LINK_FAILED;
}

long rpcd_link_write(struct rpcd_link *link, struct view bytes)
{
	ssize_t n;

	if (!link->is_shaken)
		return RPCD_LINK_AGAIN;
	if (!link->tls)
		return plain_result(
			send(link->fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL));
	n = gnutls_record_send(link->tls, bytes.at, bytes.len);
	if (n >= 0)
		return (long)n;
	return is_again(n) ? RPCD_LINK_AGAIN : RPCD_LINK_FAILED;
}

bool rpcd_link_has_more(const struct rpcd_link *link)
{
	return link->tls && link->is_shaken && gnutls_record_check_pending(link->tls) > 0;
}
