/* store_rocksdb: the store on disk, as those see it who open one. */
#include "store/store_rocksdb.h"

#include "store/depot.h"

int store_rocksdb_open(
	const struct store_rocksdb_options *options, struct store **ret, struct err *err)
{
	return depot_open(options, ret, err);
}

int store_rocksdb_tend(struct store *store, int64_t now_ns, struct err *err)
{
	return depot_tend((struct depot *)store, now_ns, err);
}

int store_rocksdb_drop(struct store *store, uint32_t day, struct err *err)
{
	int rc;

	do
		rc = depot_drop((struct depot *)store, day, err);
	while (rc == DEPOT_IN_USE);
	return rc;
}
