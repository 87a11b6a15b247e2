/* stored: an entry as the files of RocksDB have it: one of possibly several of its key. */
#ifndef STORE_STORED_H
#define STORE_STORED_H

#include <stdint.h>

#include "base/view.h"

enum stored_kind { /* RocksDB's numbers */
	STORED_DELETED = 0,
	STORED_VALUE = 1,
	STORED_SINGLE_DELETED = 7,
	STORED_RANGE_DELETED = 15, /* all keys in [key, value) */
};

struct stored {
	uint32_t family;
	struct view key, value; /* good until the next is read */
	uint64_t number;        /* the higher, the later it was written */
	uint8_t kind;
};

#endif
