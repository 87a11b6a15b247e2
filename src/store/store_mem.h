/*
 * store_mem: a store in memory: what is right, simply. Nothing survives store_close.
 *
 * It keeps every profile as it came, and looks at all of them. The oracle of tests, and a store for
 * a server that shall leave no trace.
 */
#ifndef STORE_STORE_MEM_H
#define STORE_STORE_MEM_H

#include "store/store.h"

/* *ret is owned by the caller: store_close. */
int store_mem_open(struct store **ret, struct err *err);

#endif
