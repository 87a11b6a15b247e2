/* checkup: a store is read whole, without changing it. */
#include "store/checkup.h"

#include <stdlib.h>

#define MEMORY ((size_t)32 << 20)

static void damage(void *owner, const char *file, const char *sentence)
{
	findings_add(owner, file, "%s", sentence);
}

/* Its own list of tables; NULL if that cannot be read. */
static struct rocks_table *list(
	struct checkup *checkup, const char *path, size_t *ret_n, struct err *err)
{
	struct rocks_options options = { .path = path, .memory_max = MEMORY, .lenient = true };
	struct rocks_table *tables = NULL;
	int rc = rocks_open(&checkup->rocks, &options, err);

	if (rc == 0)
		rc = rocks_tables(&checkup->rocks, &tables, ret_n, err);
	rocks_shut(&checkup->rocks);
	return tables;
}

int checkup_open(struct checkup *checkup, const char *path, struct err *err)
{
	struct err why = { 0 };
	struct rocks_table *tables;
	size_t n = 0;
	int rc;

	*checkup = (struct checkup){ 0 };
	checkup->strata.damage = damage;
	checkup->strata.owner = &checkup->findings;
	checkup->survey.strata = &checkup->strata;
	checkup->survey.findings = &checkup->findings;
	tables = list(checkup, path, &n, &why);
	checkup->has_list = tables;
	if (!tables && (!checkup->rocks.is_ours || why.code == ERR_NOMEM)) {
		if (err)
			*err = why;
		return why.code;
	}
	if (!tables)
		findings_add(&checkup->findings, "MANIFEST",
			"the list of its tables cannot be read, so that all tables of the folder "
			"count: %s",
			why.text);
	if (checkup->rocks.version_is_lost)
		findings_add(
			&checkup->findings, "VERSION", "the file is missing or makes no sense");
	rc = strata_open(&checkup->strata, path, tables, n, err);
	free(tables);
	return rc;
}

void checkup_close(struct checkup *checkup)
{
	survey_fini(&checkup->survey);
	strata_close(&checkup->strata);
	findings_fini(&checkup->findings);
	rocks_close(&checkup->rocks);
}
