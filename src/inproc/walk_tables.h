/*
 * walk_tables: keeps the tables of sig_tables as the process's mappings are, for all captures.
 *
 * Made when the first capture begins, followed while any runs, kept for the next one. On the
 * engine's thread only.
 */
#ifndef INPROC_WALK_TABLES_H
#define INPROC_WALK_TABLES_H

#include "base/err.h"
#include "inproc/engine.h"

struct own_space;

/* Reads the mappings and publishes their tables. Each use needs a walk_tables_done, unless it
 * failed. */
int walk_tables_use(struct err *err);
void walk_tables_done(void);

/* Of the tables in use; NULL before the first walk_tables_use. */
struct own_space *walk_tables_space(void);

/* Last in the engine's list: samples that speak of old mappings have been taken by then. */
extern const struct engine_part walk_tables_part;

#endif
