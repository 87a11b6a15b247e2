/*
 * dns: the addresses that a name has, by its A, AAAA or SRV records.
 *
 * Asks the system's servers, or one that is given. Waits for the answer, DNS_WAIT_MAX_MS at most.
 */
#ifndef NET_DNS_H
#define NET_DNS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define DNS_WAIT_MAX_MS 5000
#define DNS_RECORDS_MAX 4096u

enum dns_record { DNS_SRV, DNS_A, DNS_AAAA };

struct dns_question {
	const char *name;
	enum dns_record record;
	uint16_t port;      /* of the results; SRV records bring their own */
	const char *server; /* "ADDRESS:PORT"; NULL = the system's */
};

/* Calls `each` with "HOST:PORT" ("[HOST]:PORT" for IPv6) for every record. ERR_NOT_FOUND: there is
 * no such name; ERR_IO: no answer. */
int dns_find(const struct dns_question *question, void (*each)(void *owner, const char *address),
	void *owner, struct err *err);

#endif
