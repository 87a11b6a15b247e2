/*
 * gorows: rows for the code that Go compiled, from its own table of functions.
 *
 * Go's pcsp tables say how far rsp is below the return address; rbp is saved just below that in
 * each function with a frame. Where goroutines and threads start, the rows say END; where the
 * runtime changes stacks, they step by rbp, which it keeps in order.
 */
#ifndef UNWIND_GOROWS_H
#define UNWIND_GOROWS_H

#include <stddef.h>

struct object;
struct rowlist;
struct ruleset;

/* ERR_NOT_FOUND: no Go program. *ret_functions counts what was read, *ret_bad what was skipped. */
int gorows_read(const struct object *object, struct ruleset *rules, struct rowlist *rows,
	size_t *ret_functions, size_t *ret_bad);

#endif
