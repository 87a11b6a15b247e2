/* walk_tables: keeps the tables of sig_tables as the process's mappings are. */
#include "inproc/walk_tables.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "inproc/own_space.h"
#include "inproc/sig_tables.h"

#define LOOK_MS 100
#define REFRESH_NS UINT64_C(500000000)
#define QUIET_TRIES 2000
#define QUIET_WAIT_NS 500000

static struct {
	unsigned users;
	struct own_space *space; /* kept, so that the next capture finds its tables ready */
	const struct sig_tables *now, *old; /* owned; what readers use, and may still use */
	uint64_t refreshed_ns;
} walk_tables;

struct own_space *walk_tables_space(void)
{
	return walk_tables.space;
}

static void free_tables(const struct sig_tables *tables)
{
	if (tables)
		free(tables->memory);
	free((void *)tables);
}

/* Gives readers the newest tables; what they had until now goes once they are done with it. */
static int publish(struct err *err)
{
	struct sig_tables *tables = calloc(1, sizeof(*tables));

	if (!tables)
		return err_set(err, ERR_NOMEM, "out of memory");
	tables->tables = own_space_tables(walk_tables.space);
	tables->generation = own_space_generation(walk_tables.space);
	tables->memory = calloc(1, sizeof(*tables->memory));
	walk_tables.old = walk_tables.now;
	walk_tables.now = tables;
	sig_tables_set(tables);
	return 0;
}

static void forget_old(void)
{
	if (!sig_tables_quiet())
		return;
	free_tables(walk_tables.old);
	walk_tables.old = NULL;
	if (walk_tables.now->generation == own_space_generation(walk_tables.space))
		own_space_retire(walk_tables.space);
}

static void refresh(void)
{
	uint64_t now = clock_monotonic_ns();
	bool unmapped =
		atomic_load(&sig_tables_unmapped) && now - walk_tables.refreshed_ns > REFRESH_NS;

	if (walk_tables.old || (!unmapped && !own_space_stale(walk_tables.space)))
		return;
	walk_tables.refreshed_ns = now;
	atomic_store(&sig_tables_unmapped, 0);
	if (own_space_refresh(walk_tables.space, NULL) == 0 &&
		own_space_generation(walk_tables.space) != walk_tables.now->generation)
		publish(NULL);
}

int walk_tables_use(struct err *err)
{
	int rc = walk_tables.space ? 0 : own_space_new(&walk_tables.space, err);

	if (rc == 0 && !walk_tables.old)
		rc = own_space_refresh(walk_tables.space, err);
	if (rc == 0 &&
		(!walk_tables.now ||
			(!walk_tables.old && walk_tables.now->generation !=
						     own_space_generation(walk_tables.space))))
		rc = publish(err);
	if (rc == 0)
		walk_tables.users++;
	walk_tables.refreshed_ns = clock_monotonic_ns();
	return rc;
}

/* Readers see nothing from here on; waits until those that are inside have left. For one that a
 * debugger stopped, all stays where it is. */
void walk_tables_done(void)
{
	const struct timespec pause = { .tv_nsec = QUIET_WAIT_NS };
	int tries = 0;

	if (--walk_tables.users)
		return;
	sig_tables_set(NULL);
	while (!sig_tables_quiet() && tries++ < QUIET_TRIES)
		nanosleep(&pause, NULL);
	if (sig_tables_quiet()) {
		free_tables(walk_tables.old);
		free_tables(walk_tables.now);
	} else {
		walk_tables.space = NULL;
	}
	walk_tables.old = walk_tables.now = NULL;
}

static int prepare(struct engine_polls *polls)
{
	return walk_tables.users ? LOOK_MS : -1;
}

static void run(const struct engine_polls *polls)
{
	if (!walk_tables.users)
		return;
	forget_old();
	refresh();
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	sig_tables_set(NULL);
	sig_tables_after_fork();
	walk_tables.users = 0;
	walk_tables.space = NULL;
	walk_tables.now = walk_tables.old = NULL;
}

const struct engine_part walk_tables_part = { prepare, run, after_fork };
