/* certificates: an authority, a server and a client it has signed, and a stranger; made by openssl.
 */
#ifndef TESTS_CERTIFICATES_H
#define TESTS_CERTIFICATES_H

#include <stdio.h>
#include <stdlib.h>

static char certificates_dir[] = "/tmp/flyover-tls-XXXXXX";

static inline int certificates_make(void)
{
	static const char SCRIPT[] =
		"cd %s && exec >/dev/null 2>&1 && "
		"new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1' && "
		"openssl req -x509 $new -subj /CN=authority -keyout ca.key -out ca.pem && "
		"for who in server client; do "
		"openssl req $new -subj /CN=localhost -keyout $who.key -out $who.csr && "
		"printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' >ext && "
		"openssl x509 -req -days 1 -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
		"-extfile ext -out $who.pem || exit 1; done && "
		"openssl req -x509 $new -subj /CN=stranger -keyout stranger.key -out stranger.pem";
	char command[1500];

	if (!mkdtemp(certificates_dir))
		return -1;
	snprintf(command, sizeof(command), SCRIPT, certificates_dir);
	return system(command) == 0 ? 0 : -1;
}

static inline int certificates_remove(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", certificates_dir);
	return system(command) == 0 ? 0 : -1;
}

/* Good until the fourth next call. */
static inline const char *certificates_path(const char *name)
{
	static char paths[4][64];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", certificates_dir, name);
	return path;
}

#endif
