/* depot_tend: what has to be done about once a second: fold, let go, recover. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/depot.h"

/* ---- a disk that failed ---- */

static bool is_broken(struct depot *depot)
{
	bool broken;

	pthread_mutex_lock(&depot->gate);
	broken = depot->broken.code != 0;
	pthread_mutex_unlock(&depot->gate);
	return broken;
}

/* What was not acknowledged may be on disk or not: all is read anew. */
static int recover(struct depot *depot, struct err *err)
{
	int rc = 0;

	if (depot->rocks.db && rocks_bytes_free(&depot->rocks) < depot->options.bytes_free)
		return 0;
	pthread_rwlock_wrlock(&depot->open);
	lexica_forget(&depot->lexica);
	rc = rocks_reopen(&depot->rocks, err);
	pthread_mutex_lock(&depot->gate);
	if (rc == 0)
		rc = depot_load(depot, err);
	if (rc == 0)
		depot->broken = (struct err){ 0 };
	else if (err)
		depot->broken = *err;
	pthread_mutex_unlock(&depot->gate);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

/* ---- all of it ---- */

static int fold(struct depot *depot, int64_t now_ns, struct err *err)
{
	int rc = 0;

	pthread_rwlock_rdlock(&depot->open);
	if (depot->rocks.db && rocks_bytes_free(&depot->rocks) >= depot->options.bytes_free)
		rc = depot_fold(depot, now_ns, err);
	lexica_trim(&depot->lexica);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

/* Each failure counts; the same sentence is said once, until it goes well again. */
static void tell_failure(struct depot *depot, const struct err *why)
{
	depot->n_failures++;
	if (strcmp(depot->told.text, why->text) == 0)
		return;
	depot->told = *why;
	depot_tell(depot, STORE_ROCKSDB_TROUBLE, why->text);
}

int depot_tend(struct depot *depot, int64_t now_ns, struct err *err)
{
	struct err why = { 0 };
	int rc;

	if (is_broken(depot)) {
		rc = recover(depot, &why);
	} else {
		rc = fold(depot, now_ns, &why);
		if (rc == 0 || rc == ERR_CORRUPT || rc == ERR_LIMIT) { /* less is what helps */
			struct err of_keep = { 0 };
			int kept = depot_keep(depot, now_ns, &of_keep);

			if (rc == 0) {
				rc = kept;
				why = of_keep;
			}
		}
		if (rc == ERR_IO || rc == ERR_LIMIT) {
			pthread_mutex_lock(&depot->gate);
			depot->broken = why;
			pthread_mutex_unlock(&depot->gate);
		}
	}
	if (rc < 0)
		tell_failure(depot, &why);
	else
		depot->told = (struct err){ 0 };
	if (rc < 0 && err)
		*err = why;
	return rc;
}

void *depot_tender(void *depot_)
{
	struct depot *depot = depot_;
	struct timespec until;

	pthread_mutex_lock(&depot->gate);
	while (!depot->is_stopping) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&depot->stopping, &depot->gate, &until) != ETIMEDOUT)
			continue;
		pthread_mutex_unlock(&depot->gate);
		depot_tend(depot, (int64_t)clock_realtime_ns(), NULL);
		pthread_mutex_lock(&depot->gate);
	}
	pthread_mutex_unlock(&depot->gate);
	return NULL;
}
