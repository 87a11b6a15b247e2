/* tls_peer: whether the client of a connection showed a certificate that our authority signed. */
#ifndef NET_TLS_PEER_H
#define NET_TLS_PEER_H

#include <microhttpd.h>
#include <stdbool.h>

bool tls_peer_is_proven(struct MHD_Connection *connection);

#endif
