/*
 * discovery: the addresses of a job's targets, from its configuration, from files and from DNS.
 *
 * Files and names are looked at again when their interval is over (a file that changed, within
 * DISCOVERY_LOOK_S). Where that fails the targets of the last time stay, and the reason is kept.
 *
 * For one thread.
 */
#ifndef SERVER_DISCOVERY_H
#define SERVER_DISCOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "server/scrape.h"

#define DISCOVERY_LOOK_S 5
#define DISCOVERY_TARGETS_MAX 20000u /* of a job */

struct discovery;

/* `job` stays as long as the discovery does. */
int discovery_new(const struct scrape_job *job, struct discovery **ret, struct err *err);
void discovery_free(struct discovery *discovery);

/* Looks where it is time to look; true if there may be other targets than before. */
bool discovery_refresh(struct discovery *discovery, uint64_t now_ns);

/* Each target there is: its address, its labels, and those that say where it came from
 * (__meta_filepath, __meta_dns_name). */
struct discovery_found {
	const char *address;
	const struct conf_pairs *labels; /* may be NULL */
	const char *meta_name, *meta;    /* may be NULL */
};
void discovery_each(const struct discovery *discovery,
	void (*each)(void *owner, const struct discovery_found *found), void *owner);

/* Why the last look failed; "" if it did not. */
const char *discovery_trouble(const struct discovery *discovery);

#endif
