/*
 * label_keys: the names of labels, as numbers, and the labels that every sample has.
 *
 * Keys are only ever added. From outside they are seen through the process context.
 */
#ifndef INPROC_LABEL_KEYS_H
#define INPROC_LABEL_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define LABEL_KEYS_MAX 256
#define LABEL_KEYS_NAME_MAX 128
#define LABEL_KEYS_PROCESS_MAX 32
#define LABEL_KEYS_VALUE_MAX 2048

/* The number of the key, new or not; ERR_LIMIT if there are too many, ERR_USAGE for a name that is
 * empty, too long, or ours (trace_id, span_id). *ret_new may be NULL. */
int label_keys_add(const char *name, bool *ret_new, struct err *err);

/* False if there is no such key. The view stays good. */
bool label_keys_name(unsigned key, struct view *ret);
size_t label_keys_count(void);

/* "key=value,key=value" for all samples from now on; replaces what was there. Before any capture.
 */
int label_keys_set_process(const char *list, struct err *err);

/* The index-th label of the process. */
bool label_keys_process(size_t index, struct view *ret_key, struct view *ret_value);

/* In the child of a fork. */
void label_keys_after_fork(void);

#endif
