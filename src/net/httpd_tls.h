/* httpd_tls: HTTPS, as libmicrohttpd is told of it. */
#ifndef NET_HTTPD_TLS_H
#define NET_HTTPD_TLS_H

#include <microhttpd.h>
#include <stdbool.h>

#include "net/tls_files.h"

#define HTTPD_TLS_OPTIONS 5

/* What libmicrohttpd is started with for TLS 1.2 and newer; ends with MHD_OPTION_END, which is all
 * there is if `tls` is NULL. Borrows from it. */
void httpd_tls_options(const struct tls_files *tls, struct MHD_OptionItem ret[HTTPD_TLS_OPTIONS]);

/* Whether the client showed a certificate that our authority signed. */
bool httpd_tls_is_proven(struct MHD_Connection *connection);

#endif
