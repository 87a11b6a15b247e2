/* httpd_tls: HTTPS, as libmicrohttpd is told of it. */
#include "net/httpd_tls.h"

#include <gnutls/gnutls.h>

#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

void httpd_tls_options(const struct tls_files *tls, struct MHD_OptionItem ret[HTTPD_TLS_OPTIONS])
{
	size_t n = 0;

	if (tls) {
		ret[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, tls->cert.at };
		ret[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key.at };
		ret[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0,
			(char *)TLS_VERSIONS };
	}
	if (tls && tls->client_ca.len)
		ret[n++] =
			(struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_TRUST, 0, tls->client_ca.at };
	ret[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
}

/* libmicrohttpd asks for a certificate, and leaves it to us to judge it. */
bool httpd_tls_is_proven(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	unsigned faults = 1;

	return info && info->tls_session &&
	       gnutls_certificate_verify_peers2(info->tls_session, &faults) >= 0 && faults == 0;
}
