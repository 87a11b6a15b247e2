/* own_mapping: how this very process maps its own program, as a specimen. */
#ifndef OWN_MAPPING_H
#define OWN_MAPPING_H

#include <unistd.h>

#include "sampler/process.h"

/* The mapping at an address of this process; the table is to be finished by the caller. */
static inline struct process_mapping *own_mapping(struct process_table *table, const void *at)
{
	struct process *process = process_add(table, getpid());

	assert_non_null(process);
	assert_int_equal(process_read(table, process, NULL), 0);
	return process_at(process, (uintptr_t)at);
}

#endif
