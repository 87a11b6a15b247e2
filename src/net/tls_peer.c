/* tls_peer: libmicrohttpd asks for a client's certificate, and leaves it to us to judge it. */
#include "net/tls_peer.h"

#include <gnutls/gnutls.h>

bool tls_peer_is_proven(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	unsigned faults = 1;

	return info && info->tls_session &&
	       gnutls_certificate_verify_peers2(info->tls_session, &faults) >= 0 && faults == 0;
}
