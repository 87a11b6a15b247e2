/*
 * tenants: what each tenant has sent lately, against its limits.
 *
 * Series are counted over the current and the last hour. All functions may be called from several
 * threads.
 */
#ifndef INGEST_TENANTS_H
#define INGEST_TENANTS_H

#include "ingest/labelset.h"
#include "ingest/rulebook.h"

struct tenants;
struct tenant;

struct tenants *tenants_new(const struct rulebook *book); /* outlives it; NULL without memory */
void tenants_free(struct tenants *tenants);

/* The tenant's, made if need be; NULL with a refusal (429 past limits.tenants). Good until
 * tenants_free. */
struct tenant *tenants_find(struct tenants *tenants, struct view name, struct refusal *refusal);

/* Spends so many bytes of the tenant's rate; 429 with retry_after_s once it is used up. */
int tenants_spend(struct tenant *tenant, uint64_t bytes, uint64_t now_ns, struct refusal *refusal);

/* The series is one that the tenant sends; 429 with the label that has the most values if it is new
 * and one too many. `now_ns` is monotonic. */
int tenants_admit(struct tenant *tenant, struct view name, const struct labelset *labels,
	uint64_t now_ns, struct refusal *refusal);

struct tenants_figures {
	size_t tenants, series;
};
void tenants_figures(struct tenants *tenants, struct tenants_figures *ret);

#endif
