/* served_debugfiles: the routes of debug files over a store in memory and a shelf in an empty
 * folder. */
#ifndef TESTS_SERVED_DEBUGFILES_H
#define TESTS_SERVED_DEBUGFILES_H

#include "debuginfo/shelved.h"

#include "server/debugfiles.h"
#include "server/served_routes.h"
#include "store/store_mem.h"

static struct served_routes served;
static struct store *store;
static struct debugfiles *files;

static inline int served_debugfiles_start(void **state, struct router_options routes)
{
	if (shelved_begin(state) != 0 || store_mem_open(&store, NULL) < 0)
		return -1;
	if (debugfiles_open(&(struct debugfiles_options){ .folder = "shelf", .store = store },
		    &files, NULL) < 0)
		return -1;
	routes.tables[0] = debugfiles_table(files);
	routes.n_tables = 1;
	serve_routes(&served, &routes);
	return 0;
}

static inline int served_debugfiles_stop(void **state)
{
	stop_routes(&served);
	debugfiles_close(files);
	store_close(store);
	return programs_end(state);
}

#endif
