/* scrape_trust: how a scrape proves who asks, with the secrets as they stand in their files now. */
#ifndef SERVER_SCRAPE_TRUST_H
#define SERVER_SCRAPE_TRUST_H

#include "base/buf.h"
#include "base/err.h"
#include "net/fetches.h"
#include "server/scrape.h"

/* *ret borrows from the job and from `secret`, an empty buffer of the caller. */
int scrape_trust(
	const struct scrape_job *job, struct buf *secret, struct fetch_trust *ret, struct err *err);

#endif
