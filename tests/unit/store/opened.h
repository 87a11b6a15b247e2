/* opened: a database in a folder of its own, for the tests of what stands on it. */
#ifndef OPENED_H
#define OPENED_H

#include "store/folder.h"
#include "store/rocks.h"

static inline void opened_begin(struct rocks *rocks, char *folder)
{
	struct rocks_options options = { .memory_max = 64 << 20, .create = true };

	folder_make(folder);
	options.path = folder;
	assert_int_equal(rocks_open(rocks, &options, NULL), 0);
}

static inline void opened_end(struct rocks *rocks, const char *folder)
{
	rocks_close(rocks);
	folder_remove(folder);
}

#endif
